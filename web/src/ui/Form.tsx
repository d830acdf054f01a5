// A form in a dialog: fields, one button that acts, errors at their fields and above.
import { Alert, Button, Group, Stack } from '@mantine/core'
import { useForm, type UseFormReturnType } from '@mantine/form'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ApiError } from '../api/call'
import { i18n } from '../i18n'

interface Props<V extends Record<string, unknown>> {
  initial: V
  /** What is wrong with a value, before anything is sent. */
  validate?: (values: V) => Partial<Record<keyof V, string>>
  /** Sends it. An `ApiError` is shown: at the fields that it names, and above. */
  submit: (values: V) => Promise<unknown>
  /** Called when it was done. */
  done: () => void
  action: string
  danger?: boolean
  /** Names of API parameters that belong to a field of another name. */
  fieldOf?: (parameter: string) => string
  children: (form: UseFormReturnType<V>) => ReactNode
}

export function Form<V extends Record<string, unknown>>({ initial, validate, submit, done, action, danger, fieldOf, children }: Props<V>) {
  const form = useForm<V>({
    initialValues: initial,
    validate: validate ? (values) => validate(values) as Record<string, ReactNode> : undefined,
  })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const alert = useRef<HTMLDivElement>(null)
  const root = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const timer = setTimeout(() => root.current && begin(root.current), AFTER_TRAP_MS)
    return () => clearTimeout(timer)
  }, [])
  // A long form may have scrolled away from where it says what is wrong.
  useEffect(() => {
    if (problem) alert.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  const send = async (values: V) => {
    setBusy(true)
    setProblem(null)
    try {
      await submit(values)
      done()
    } catch (error) {
      setProblem(describe(error, form.values, fieldOf, (field, text) => form.setFieldError(field, text)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form ref={root} onSubmit={form.onSubmit(send, (errors) => showFirst(form, Object.keys(errors)))} noValidate>
      <Stack gap="sm">
        {problem && <Alert color="red" role="alert" ref={alert}>{problem}</Alert>}
        {children(form)}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>{i18n._('Cancel')}</Button>
          <Button type="submit" loading={busy} color={danger ? 'red' : undefined} data-autofocus={danger ? undefined : true}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** When the dialog has moved the focus into itself. ms */
const AFTER_TRAP_MS = 40

/** Where one types first. A list that opens when it is reached would be in the way; so would the keyboard of a phone. */
function begin(form: HTMLFormElement) {
  const at = document.activeElement
  if (matchMedia('(pointer: coarse)').matches || (at && form.contains(at) && at.matches('input, textarea'))) return
  const first = form.querySelector<HTMLElement>('input[data-autofocus], textarea[data-autofocus]')
    ?? form.querySelector<HTMLElement>('input:not([type=hidden], [type=checkbox], [type=radio], [type=file], :disabled), textarea:not(:disabled)')
  if (first && !first.matches('[role=combobox]:not([readonly])')) first.focus({ preventScroll: true })
}

/** Goes to the first field that is wrong, as it is on the page. */
function showFirst(form: { getInputNode: (path: string) => HTMLElement | null }, fields: string[]) {
  const nodes = fields.map((field) => form.getInputNode(field)).filter((node) => node !== null)
  nodes.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
  nodes[0]?.focus()
}

/** Puts the errors of an answer at their fields; answers what remains to be said above the form. */
function describe(
  error: unknown,
  values: Record<string, unknown>,
  fieldOf: ((parameter: string) => string) | undefined,
  setError: (field: string, text: string) => void,
): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
  const rest: string[] = []
  for (const [parameter, text] of Object.entries(error.errors)) {
    const field = fieldOf?.(parameter) ?? parameter
    if (field in values) setError(field, text)
    else rest.push(`${parameter}: ${text}`)
  }
  return [explain(error), ...rest].join(' · ')
}

/** An error in words that say what to do. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.status === 0) return i18n._('The node does not answer. Check the connection; the page goes on when it is back.')
    if (error.status === 403) return i18n._('You may not do this: {why}', { why: error.message })
    if (error.status === 501) return i18n._('This version cannot do this yet: {why}', { why: error.message })
    return error.message
  }
  return error instanceof Error ? error.message : String(error)
}
