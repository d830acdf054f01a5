// Questions before something cannot be undone.
import { Checkbox, Text, TextInput } from '@mantine/core'
import { i18n } from '../i18n'
import { openDialog } from './dialogs'
import { Form } from './Form'

interface Confirm {
  title: string
  /** What will happen, with the name of the thing in it. */
  text: string
  action: string
  /** What has to be typed, for what cannot be undone. */
  typed?: string
  /** Choices that go with it, by name. */
  options?: { name: string; label: string; checked?: boolean }[]
  run: (options: Record<string, boolean>) => Promise<unknown>
  /** Whether it takes something away; it does unless told otherwise. */
  danger?: boolean
}

/** Asks, then acts. Errors stay in the dialog. */
export function confirm({ title, text, action, typed, options = [], run, danger = true }: Confirm): void {
  const initial: Record<string, unknown> = { typed: '' }
  for (const { name, checked } of options) initial[name] = checked ?? false
  openDialog(title, (close) => (
    <Form
      initial={initial}
      action={action}
      danger={danger}
      validate={(values) => (typed !== undefined && values.typed !== typed ? { typed: i18n._('Type {typed} to go on', { typed }) } : {})}
      submit={(values) => run(Object.fromEntries(options.map(({ name }) => [name, Boolean(values[name])])))}
      done={close}
    >
      {(form) => (
        <>
          <Text size="sm">{text}</Text>
          {options.map(({ name, label }) => (
            <Checkbox key={name} label={label} {...form.getInputProps(name, { type: 'checkbox' })} />
          ))}
          {typed !== undefined && (
            <TextInput label={i18n._('Type {typed} to confirm', { typed })} data-autofocus autoComplete="off" {...form.getInputProps('typed')} />
          )}
        </>
      )}
    </Form>
  ), 'md')
}
