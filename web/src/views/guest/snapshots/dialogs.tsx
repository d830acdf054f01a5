import { Checkbox, Textarea, TextInput } from '@mantine/core'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { CURRENT, SNAPSHOT_NAME, type Snapshot } from './tree'

interface Take {
  /** Whether there is memory that can be kept. */
  memory: boolean
  /** Names that are taken. */
  taken: readonly string[]
  submit: (values: Record<string, unknown>) => Promise<unknown>
  close: () => void
}

/** Asks for a new snapshot. */
export function TakeSnapshot({ memory, taken, submit, close }: Take) {
  return (
    <Form
      initial={{ snapname: '', vmstate: memory, description: '' }}
      validate={({ snapname }) => {
        if (!SNAPSHOT_NAME.test(snapname)) return { snapname: i18n._('2 to 40 letters, digits, - and _, beginning with a letter') }
        if (snapname === CURRENT || taken.includes(snapname)) return { snapname: i18n._('There is one of this name') }
        return {}
      }}
      submit={({ snapname, vmstate, description }) =>
        submit({ snapname, ...(vmstate ? { vmstate: 1 } : {}), ...(description === '' ? {} : { description }) })}
      done={close}
      action={i18n._('Take Snapshot')}
    >
      {(form) => (
        <>
          <TextInput label={i18n._('Name')} required data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('snapname')} />
          {memory && <Checkbox label={i18n._('Include RAM')} description={i18n._('Going back continues where it was, without a start')} {...form.getInputProps('vmstate', { type: 'checkbox' })} />}
          <Textarea label={i18n._('Description')} autosize minRows={3} maxRows={10} {...form.getInputProps('description')} />
        </>
      )}
    </Form>
  )
}

/** Says what a snapshot is. */
export function EditSnapshot({ snapshot, submit, close }: { snapshot: Snapshot; submit: (description: string) => Promise<unknown>; close: () => void }) {
  return (
    <Form initial={{ description: snapshot.description ?? '' }} submit={({ description }) => submit(description)} done={close} action={i18n._('OK')}>
      {(form) => <Textarea label={i18n._('Description')} autosize minRows={4} maxRows={14} data-autofocus {...form.getInputProps('description')} />}
    </Form>
  )
}
