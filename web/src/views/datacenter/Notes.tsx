import { Button, Textarea } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { call } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { Markdown } from '../../ui/Markdown'
import { Loaded, Panel } from '../../ui/parts'
import { useReload } from './reload'

/** Notes of the datacenter, in Markdown. */
export function Notes() {
  const options = useApi('/cluster/options', {})
  const may = useMay('/')('Sys.Modify')
  const reload = useReload()
  const text = String((options.data as Record<string, unknown> | undefined)?.description ?? '')
  const edit = () =>
    openDialog(i18n._('Notes of the datacenter'), (close) => (
      <NotesForm
        text={text}
        submit={(description) => call('put', '/cluster/options', description === '' ? { delete: 'description' } : { description })}
        done={() => { void reload('/cluster/options'); close() }}
      />
    ), 'xl')
  return (
    <Panel title={i18n._('Notes')} tools={may && <Button variant="subtle" leftSection={<IconPencil size={15} aria-hidden />} onClick={edit}>{i18n._('Edit')}</Button>}>
      <Loaded query={options}>
        {() => (text === '' ? <p className="dim">{i18n._('No notes. They can say whom to call, what runs where, what to mind.')}</p> : <Markdown text={text} />)}
      </Loaded>
    </Panel>
  )
}

/** Longest notes that the API takes. */
const LONGEST = 65_536

/** Asks for notes in Markdown. */
export function NotesForm({ text, longest = LONGEST, submit, done }: { text: string; longest?: number; submit: (text: string) => Promise<unknown>; done: () => void }) {
  return (
    <Form
      initial={{ description: text }}
      validate={({ description }) =>
        description.length > longest ? { description: i18n._('At most {n} characters', { n: longest }) } : {}}
      submit={({ description }) => submit(description)}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => (
        <Textarea
          label={i18n._('Text in Markdown')}
          description={i18n._('Everybody who may see this can read it: no passwords')}
          autosize
          minRows={10}
          maxRows={24}
          data-autofocus
          className="mono"
          {...form.getInputProps('description')}
        />
      )}
    </Form>
  )
}
