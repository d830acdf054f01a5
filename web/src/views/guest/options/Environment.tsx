import { Textarea } from '@mantine/core'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import type { EditorProps } from '../config/DefinitionTable'
import { environmentLines, environmentValue, wrongLine } from './environmentText'

/** Variables that the first program of a container gets, one a line. */
export function EnvironmentDialog({ seen, change, close }: EditorProps) {
  const before = seen.settings.get('env')?.next
  return (
    <Form<{ env: string }>
      initial={{ env: environmentLines(before ?? '') }}
      validate={({ env }) => {
        const line = wrongLine(env)
        return line === undefined ? {} : { env: i18n._('Line {line} is no “NAME=value”', { line }) }
      }}
      submit={async ({ env }) => {
        const next = environmentValue(env)
        if (next !== (before ?? '')) await change(next === '' ? { delete: 'env' } : { env: next }, seen.digest)
      }}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <Textarea label={i18n._('Environment')} description={i18n._('One “NAME=value” a line, for the first program')} autosize minRows={5} maxRows={16} data-autofocus spellCheck={false} {...form.getInputProps('env')} />}
    </Form>
  )
}
