// Forms of the datacenter's settings. An empty one goes back to the default.
import { ActionIcon, Button, Checkbox, ColorInput, Select, Text, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { i18n } from '../../i18n'
import { Form } from '../../ui/Form'
import classes from './datacenter.module.css'
import { parseColours, printColours, printStructure, wrongColour, wrongRange, type Structure, type TagColour } from './options'

/** Sends a setting; `undefined` takes it out. */
export type Save = (value: string | undefined) => Promise<unknown>

export interface Props<V> {
  value: V
  save: Save
  done: () => void
}

/** What a viewer of consoles is called. */
export function consoleName(viewer: string): string {
  switch (viewer) {
    case 'html5': return i18n._('In the page (noVNC)')
    case 'xtermjs': return i18n._('In the page (xterm.js)')
    case 'vv': return i18n._('An external viewer (SPICE)')
    default: return viewer
  }
}

/** What a shape of tags is called. */
export function shapeName(shape: string): string {
  switch (shape) {
    case 'full': return i18n._('with their text')
    case 'circle': return i18n._('circles')
    case 'dense': return i18n._('bars')
    case 'none': return i18n._('hidden')
    default: return shape
  }
}

/** One of several choices, or none. */
export function ChoiceForm({ label, choices, value, save, done }: Props<unknown> & { label: string; choices: Readonly<Record<string, string>> }) {
  return (
    <Form
      initial={{ value: value === undefined ? null : String(value) }}
      submit={(values) => save(values.value ?? undefined)}
      fieldOf={() => 'value'}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => (
        <Select
          label={label}
          placeholder={i18n._('Default')}
          clearable
          searchable
          data-autofocus
          data={Object.entries(choices).map(([key, text]) => ({ value: key, label: text }))}
          {...form.getInputProps('value')}
        />
      )}
    </Form>
  )
}

/** Between which bounds new guests get their IDs. */
export function NextIdForm({ value, save, done }: Props<Structure>) {
  return (
    <Form
      initial={{ lower: value.lower ?? '', upper: value.upper ?? '' }}
      validate={({ lower, upper }) => {
        const wrong = wrongRange(lower, upper)
        return {
          ...(wrong.lower && { lower: i18n._('A number from 100 on') }),
          ...(wrong.upper && { upper: wrong.upper === 'order' ? i18n._('This must be above the first ID') : i18n._('A number from 100 on') }),
        }
      }}
      submit={(values) => save(printStructure(values) || undefined)}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => (
        <>
          <TextInput label={i18n._('First ID')} placeholder="100" inputMode="numeric" data-autofocus {...form.getInputProps('lower')} />
          <TextInput label={i18n._('Below this ID')} placeholder="1000000" inputMode="numeric" {...form.getInputProps('upper')} />
        </>
      )}
    </Form>
  )
}

/** What everybody reads before logging in. */
export function ConsentForm({ value, save, done }: Props<string>) {
  return (
    <Form initial={{ value }} submit={(values) => save(values.value || undefined)} fieldOf={() => 'value'} action={i18n._('Save')} done={done}>
      {(form) => (
        <Textarea
          label={i18n._('Text')}
          description={i18n._('Anybody who reaches the login page can read it')}
          autosize
          minRows={5}
          maxRows={20}
          maxLength={65_536}
          data-autofocus
          {...form.getInputProps('value')}
        />
      )}
    </Form>
  )
}

/** How tags look in the tree and in tables. */
export function TagStyleForm({ value, save, done }: Props<Structure>) {
  return (
    <Form
      initial={{
        shape: value.shape ?? null,
        ordering: value.ordering ?? null,
        caseSensitive: value['case-sensitive'] === '1',
        colours: parseColours(value['color-map']),
      }}
      validate={({ colours }) => {
        const at = colours.findIndex((colour) => wrongColour(colour) !== null)
        return at < 0 ? {} : { [`colours.${at}`]: i18n._('A tag, and colours such as #ff8800') }
      }}
      submit={({ shape, ordering, caseSensitive, colours }) =>
        save(
          printStructure({
            shape: shape ?? undefined,
            ordering: ordering ?? undefined,
            'case-sensitive': caseSensitive ? '1' : undefined,
            'color-map': printColours(colours) || undefined,
          }) || undefined,
        )}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => (
        <>
          <Select
            label={i18n._('Shape')}
            placeholder={i18n._('Default')}
            clearable
            data={['full', 'circle', 'dense', 'none'].map((shape) => ({ value: shape, label: shapeName(shape) }))}
            {...form.getInputProps('shape')}
          />
          <Select
            label={i18n._('Order')}
            placeholder={i18n._('Default')}
            clearable
            data={[{ value: 'alphabetical', label: i18n._('by name') }, { value: 'config', label: i18n._('as configured') }]}
            {...form.getInputProps('ordering')}
          />
          <Checkbox label={i18n._('A and a are two tags')} {...form.getInputProps('caseSensitive', { type: 'checkbox' })} />
          <Colours colours={form.values.colours} errors={form.errors} onChange={(colours) => form.setFieldValue('colours', colours)} />
        </>
      )}
    </Form>
  )
}

function Colours({ colours, errors, onChange }: { colours: TagColour[]; errors: Readonly<Record<string, unknown>>; onChange: (colours: TagColour[]) => void }) {
  const change = (at: number, part: Partial<TagColour>) => onChange(colours.map((colour, index) => (index === at ? { ...colour, ...part } : colour)))
  return (
    <fieldset className={classes.colours}>
      <legend>{i18n._('Colours')}</legend>
      {colours.map((colour, at) => (
        // Rows have no name of their own while their tag is typed.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className={classes.colour}>
          <TextInput aria-label={i18n._('Tag')} placeholder={i18n._('Tag')} value={colour.tag} onChange={(event) => change(at, { tag: event.currentTarget.value })} />
          <ColorInput withEyeDropper={false} aria-label={i18n._('Background of {tag}', { tag: colour.tag })} size="xs" value={colour.back} onChange={(back) => change(at, { back })} />
          <ColorInput withEyeDropper={false} aria-label={i18n._('Text of {tag}', { tag: colour.tag })} size="xs" placeholder={i18n._('Text: automatic')} value={colour.text} onChange={(text) => change(at, { text })} />
          <ActionIcon aria-label={i18n._('Remove colour of {tag}', { tag: colour.tag })} onClick={() => onChange(colours.filter((_, index) => index !== at))}>
            <IconTrash size={15} />
          </ActionIcon>
          {Boolean(errors[`colours.${at}`]) && <Text size="xs" c="red">{String(errors[`colours.${at}`])}</Text>}
        </div>
      ))}
      <Button variant="subtle" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => onChange([...colours, { tag: '', back: '#3f5bbe', text: '' }])}>
        {i18n._('Add colour')}
      </Button>
    </fieldset>
  )
}
