// Fields of a dialog that changes options: what they show and what they mean is data, one form draws them all.
import { Checkbox, MultiSelect, NumberInput, Select, Stack, Tabs, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState, type ReactNode } from 'react'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import classes from './config.module.css'
import { changesOf, isEmpty, parametersOf, slotName, slotValue, type Getter, type Slot } from './settings'

type Values = Record<string, string>
export interface Choice { value: string; label: string; disabled?: boolean }

export interface Field extends Slot {
  label: () => string
  kind: 'text' | 'number' | 'switch' | 'select' | 'search' | 'many' | 'list' | 'area' | 'custom'
  /** Draws a field of kind `custom`. */
  draw?: (props: Drawn) => ReactNode
  choices?: readonly Choice[] | readonly string[] | (() => readonly Choice[] | readonly string[])
  min?: number
  max?: number
  step?: number
  suffix?: string
  placeholder?: string | (() => string)
  hint?: () => string
  /** What separates the parts of a list; a comma when not given. */
  separator?: string
  /** How a switch that is on is written; `1` when not given. */
  on?: string
  /** How a switch that is off is written; `0` when not given. */
  off?: string
  /** Whether it is there, by what else was chosen. */
  when?: (values: Values) => boolean
  /** A line of its own. */
  wide?: boolean
  /** Shown when more is asked for. */
  advanced?: boolean
  /** Title of the tab that it is in; the first tab when not given. */
  tab?: () => string
  /** Privilege that it needs besides that of its line; who lacks it does not see it. */
  needs?: string
  required?: boolean
  /** What is wrong with a value. */
  check?: (value: string, values: Values) => string | undefined
}

/** What a field that draws itself is given. */
export interface Drawn {
  label: string
  hint: string | undefined
  value: string
  values: Values
  set: (value: string) => void
  error: ReactNode
}

export const initialOf = (fields: readonly Field[], get: Getter): Values =>
  Object.fromEntries(fields.map((field) => [slotName(field), slotValue(field, get)]))

/** What is wrong with the values of fields that are in sight. */
export function problems(fields: readonly Field[], values: Values): Values {
  const found: Values = {}
  for (const field of fields) {
    if (field.when && !field.when(values)) continue
    const name = slotName(field)
    const value = values[name] ?? ''
    const wrong = problem(field, value, values)
    if (wrong) found[name] = wrong
  }
  return found
}

function problem({ kind, required, min, max, check }: Field, value: string, values: Values): string | undefined {
  if (value === '') return required ? i18n._('A value is needed') : undefined
  if (kind === 'number') {
    const number = Number(value)
    if (!Number.isFinite(number)) return i18n._('This is not a number')
    if (min !== undefined && number < min) return i18n._('At least {min}', { min })
    if (max !== undefined && number > max) return i18n._('At most {max}', { max })
  }
  return check?.(value, values)
}

interface Props {
  fields: readonly Field[]
  get: Getter
  /** Sends the parameters of the change; not called when nothing changed. */
  change: (parameters: Record<string, string>) => Promise<unknown>
  close: () => void
  note?: string
}

/** Changes options by fields. */
export function SettingsForm({ fields, get, change, close, note }: Props) {
  return (
    <Form<Values>
      initial={initialOf(fields, get)}
      validate={(values) => problems(fields, values)}
      submit={async (values) => {
        const changes = changesOf(fields.filter((field) => field.when?.(values) ?? true), values, get)
        if (!isEmpty(changes)) await change(parametersOf(changes))
      }}
      done={close}
      action={i18n._('OK')}
      fieldOf={(parameter) => nameFor(fields, parameter)}
    >
      {(form) => (
        <>
          {note && <Text size="sm" className="dim">{note}</Text>}
          <Fields fields={fields} form={form} />
        </>
      )}
    </Form>
  )
}

/** The field at which an error of a parameter is shown. */
export const nameFor = (fields: readonly Field[], parameter: string) => {
  const field = fields.find(({ key }) => key === parameter)
  return field ? slotName(field) : parameter
}

/** The fields of a form, in tabs if they have some. */
export function Fields({ fields, form }: { fields: readonly Field[]; form: UseFormReturnType<Values> }) {
  const there = fields.filter((field) => field.when?.(form.values) ?? true)
  const titleOf = (field: Field) => field.tab?.() ?? i18n._('General')
  const titles = [...new Set(there.map(titleOf))]
  const [chosen, setChosen] = useState<string | null>(null)
  if (titles.length < 2) return <Plain fields={there} form={form} />
  const inTab = (title: string) => there.filter((field) => titleOf(field) === title)
  const wrong = (title: string) => inTab(title).some((field) => form.errors[slotName(field)])
  const open = chosen ?? titles[0] ?? ''
  const shown = wrong(open) ? open : (titles.find(wrong) ?? open)
  return (
    <Tabs value={shown} onChange={setChosen} keepMounted={false}>
      <Tabs.List mb="sm">
        {titles.map((title) => <Tabs.Tab key={title} value={title}>{title}</Tabs.Tab>)}
      </Tabs.List>
      {titles.map((title) => <Tabs.Panel key={title} value={title}><Stack gap="sm"><Plain fields={inTab(title)} form={form} /></Stack></Tabs.Panel>)}
    </Tabs>
  )
}

/** Fields in two columns where there is room; the advanced ones when asked for. */
function Plain({ fields, form }: { fields: readonly Field[]; form: UseFormReturnType<Values> }) {
  const [more, setMore] = useState(false)
  const wrong = fields.some((field) => field.advanced && form.errors[slotName(field)])
  const some = (advanced: boolean) => (
    <div className={classes.fields}>
      {fields.filter((field) => Boolean(field.advanced) === advanced).map((field) => <Input key={slotName(field)} field={field} form={form} />)}
    </div>
  )
  return (
    <>
      {some(false)}
      {fields.some((field) => field.advanced) && (
        <Checkbox label={i18n._('Advanced')} checked={more || wrong} onChange={(event) => setMore(event.currentTarget.checked)} />
      )}
      {(more || wrong) && some(true)}
    </>
  )
}

/** What is said about a field stands below it: fields side by side are in line then. */
const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

const plain = (choices: Field['choices']): Choice[] =>
  (typeof choices === 'function' ? choices() : (choices ?? [])).map((choice) => (typeof choice === 'string' ? { value: choice, label: choice } : choice))

function Input({ field, form }: { field: Field; form: UseFormReturnType<Values> }) {
  const name = slotName(field)
  const value = form.values[name] ?? ''
  const set = (next: string) => form.setFieldValue(name, next)
  const placeholder = typeof field.placeholder === 'function' ? field.placeholder() : field.placeholder
  const common = { label: field.label(), description: field.hint?.(), error: form.errors[name], placeholder, required: field.required, inputWrapperOrder: ORDER }
  const separator = field.separator ?? ','
  const parts = value === '' || value === '0' ? [] : value.split(/[,;\s]+/)
  switch (field.kind) {
    case 'switch':
      return <Checkbox className={classes.switch} label={common.label} description={common.description} error={common.error} checked={value === (field.on ?? '1')} onChange={(event) => set(event.currentTarget.checked ? (field.on ?? '1') : (field.off ?? '0'))} />
    case 'number':
      return <NumberInput {...common} value={value === '' ? '' : Number(value)} onChange={(next) => set(String(next))} min={field.min} max={field.max} step={field.step} suffix={field.suffix && ` ${field.suffix}`} clampBehavior="none" />
    case 'select':
    case 'search':
      return <Select {...common} data={withOwn(plain(field.choices), value)} value={value} onChange={(next) => set(next ?? '')} allowDeselect={false} searchable={field.kind === 'search'} limit={200} />
    case 'many':
      return <MultiSelect {...common} data={plain(field.choices)} value={parts} onChange={(next) => set(next.join(separator) || '0')} />
    case 'list':
      return <TagsInput {...common} data={plain(field.choices)} value={parts} onChange={(next) => set(next.join(separator))} splitChars={[',', ';', ' ']} clearable />
    case 'custom':
      return field.draw?.({ label: common.label, hint: common.description, value, values: form.values, set, error: common.error })
    case 'area':
      return <Textarea {...common} className={classes.wide} autosize minRows={3} maxRows={12} value={value} onChange={(event) => set(event.currentTarget.value)} />
    default:
      return <TextInput {...common} className={field.wide ? classes.wide : undefined} value={value} onChange={(event) => set(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
  }
}

/** A value that the list does not have is kept as a choice: looking at it must not change it. */
const withOwn = (choices: Choice[], value: string) =>
  value === '' || choices.some((choice) => choice.value === value) ? choices : [...choices, { value, label: value }]
