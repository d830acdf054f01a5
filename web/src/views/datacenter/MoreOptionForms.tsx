// More forms of the datacenter's settings: tags, limits, and those of one line.
import { NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { i18n } from '../../i18n'
import { Form } from '../../ui/Form'
import type { Props } from './OptionForms'
import { LIMITS, printStructure, type Structure } from './options'

/** A setting of one line; what is wrong with it is told by `wrong`. */
export function TextForm({ label, placeholder, wrong, value, save, done }: Props<string> & { label: string; placeholder?: string; wrong: (text: string) => string | undefined }) {
  return (
    <Form
      initial={{ value }}
      validate={(values) => {
        const text = values.value === '' ? undefined : wrong(values.value)
        return text === undefined ? {} : { value: text }
      }}
      submit={(values) => save(values.value || undefined)}
      fieldOf={() => 'value'}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => <TextInput label={label} placeholder={placeholder} autoComplete="off" data-autofocus {...form.getInputProps('value')} />}
    </Form>
  )
}

const split = (tags: string | undefined) => (tags ?? '').split(';').filter(Boolean)

/** Tags that only administrators of the datacenter may set. */
export function TagListForm({ label, value, save, done }: Props<string> & { label: string }) {
  return (
    <Form initial={{ tags: split(value) }} submit={({ tags }) => save(tags.join(';') || undefined)} fieldOf={() => 'tags'} action={i18n._('Save')} done={done}>
      {(form) => <TagsInput label={label} description={i18n._('Only who may change the datacenter sets and removes them')} splitChars={[',', ';', ' ']} data-autofocus {...form.getInputProps('tags')} />}
    </Form>
  )
}

/** Which tags users may set, in words. */
export function accessName(mode: string): string {
  switch (mode) {
    case 'free': return i18n._('all but registered ones')
    case 'existing': return i18n._('those that guests have already')
    case 'list': return i18n._('those of a list')
    case 'none': return i18n._('none')
    default: return mode
  }
}

/** Which tags users may set who are not administrators. */
export function AccessForm({ value, save, done }: Props<Structure>) {
  return (
    <Form
      initial={{ mode: value['user-allow'] ?? null, list: split(value['user-allow-list']) }}
      submit={({ mode, list }) => save(printStructure({ 'user-allow': mode ?? undefined, 'user-allow-list': list.join(';') || undefined }) || undefined)}
      fieldOf={() => 'mode'}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => (
        <>
          <Select
            label={i18n._('Users may set')}
            placeholder={i18n._('Default')}
            clearable
            data={['free', 'existing', 'list', 'none'].map((mode) => ({ value: mode, label: accessName(mode) }))}
            {...form.getInputProps('mode')}
          />
          {/* A list counts beside the existing ones, too. */}
          {(form.values.mode === 'list' || form.values.mode === 'existing') && (
            <TagsInput label={i18n._('List of tags')} splitChars={[',', ';', ' ']} {...form.getInputProps('list')} />
          )}
        </>
      )}
    </Form>
  )
}

/** What a limit is for. */
export function limitName(what: (typeof LIMITS)[number]): string {
  switch (what) {
    case 'default': return i18n._('Default')
    case 'clone': return i18n._('Clones')
    case 'move': return i18n._('Moved disks')
    case 'restore': return i18n._('Restores')
    case 'migration': return i18n._('Migrations')
  }
}

/** How fast long copies may be. */
export function LimitsForm({ value, save, done }: Props<Structure>) {
  const initial: Record<string, string | number> = Object.fromEntries(LIMITS.map((what) => [what, value[what] ?? '']))
  return (
    <Form
      initial={initial}
      submit={(values) => save(printStructure(Object.fromEntries(LIMITS.map((what) => [what, values[what] === '' ? undefined : String(values[what])]))) || undefined)}
      fieldOf={() => 'default'}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => LIMITS.map((what) => (
        <NumberInput key={what} label={limitName(what)} suffix=" KiB/s" min={0} placeholder={i18n._('unlimited')} {...form.getInputProps(what)} />
      ))}
    </Form>
  )
}
