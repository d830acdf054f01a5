import { Button, Checkbox, Group, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { call, type Data } from '../../api/call'
import { i18n } from '../../i18n'
import { bytes } from '../../lib/format'
import { runTask } from '../../shell/tasks'
import { openDialog } from '../../ui/dialogs'
import { explain, Form } from '../../ui/Form'
import { cleanName, ENDINGS, fileName, fits, unpacked, type Algorithm } from './files'
import classes from './storage.module.css'
import { ChecksumFields, wrongChecksum, type Place } from './Upload'

/** Asks for an address that the node fetches a file from. */
export function openDownload(place: Place, volumes: readonly string[], after: () => void): void {
  openDialog(i18n._('Download to {storage}', { storage: place.storage }), (close) => (
    <DownloadForm place={place} names={volumes.map(fileName)} done={() => { after(); close() }} />
  ))
}

type Metadata = Data<'/nodes/{node}/query-url-metadata'>

/** Asks the server at an address what it has there. */
function useMetadata(node: string) {
  const [told, setTold] = useState<Metadata | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const ask = async (url: string, verify: boolean): Promise<Metadata | null> => {
    setBusy(true)
    setProblem(null)
    setTold(null)
    try {
      const answer = await call('get', '/nodes/{node}/query-url-metadata', { node, url, 'verify-certificates': verify ? 1 : 0 })
      setTold(answer)
      return answer
    } catch (error) {
      setProblem(explain(error))
      return null
    } finally {
      setBusy(false)
    }
  }
  return { told, problem, busy, ask, forget: () => { setTold(null); setProblem(null) } }
}

const isUrl = (text: string) => /^https?:\/\/[^/\s]+/i.test(text.trim())

/** The last part of an address's path. */
export function nameIn(url: string): string {
  try {
    return cleanName(decodeURIComponent(new URL(url).pathname))
  } catch {
    return ''
  }
}

function DownloadForm({ place, names, done }: { place: Place; names: string[]; done: () => void }) {
  const { told, problem, busy, ask, forget } = useMetadata(place.node)
  const iso = place.content === 'iso'
  return (
    <Form
      initial={{ url: '', filename: '', verify: true, compression: null as string | null, algorithm: null as Algorithm | null, checksum: '' }}
      validate={(values) => ({
        ...(!isUrl(values.url) && { url: i18n._('An address that begins with http:// or https://') }),
        ...(!fits(place.content, values.filename) && { filename: i18n._('The name must end with one of {endings}', { endings: ENDINGS[place.content].join(' ') }) }),
        ...(names.includes(cleanName(values.filename)) && { filename: i18n._('There is a file of this name; choose another, or remove it first') }),
        ...wrongChecksum(values.algorithm, values.checksum),
      })}
      fieldOf={(name) => (name === 'checksum-algorithm' ? 'algorithm' : name === 'verify-certificates' ? 'verify' : name)}
      submit={async (values) => {
        const begun = await call('post', '/nodes/{node}/storage/{storage}/download-url', {
          ...place,
          url: values.url.trim(),
          filename: cleanName(values.filename),
          'verify-certificates': values.verify ? 1 : 0,
          ...(values.algorithm && { 'checksum-algorithm': values.algorithm, checksum: values.checksum.trim() }),
          ...(iso && values.compression && { compression: values.compression }),
        })
        void runTask(i18n._('Download {name}', { name: cleanName(values.filename) }), () => Promise.resolve(begun))
      }}
      action={i18n._('Download')}
      done={done}
    >
      {(form) => {
        const take = (name: string) => {
          const { name: plain, compression } = iso ? unpacked(name) : { name, compression: null }
          form.setValues({ filename: plain, compression })
        }
        const query = async () => {
          const url = form.values.url.trim()
          if (!isUrl(url)) return form.setFieldError('url', i18n._('An address that begins with http:// or https://'))
          const answer = await ask(url, form.values.verify)
          if (answer) take(answer.filename || nameIn(url))
        }
        return (
          <>
            <Group gap="xs" align="start" wrap="nowrap" className={classes.beside}>
              <TextInput
                style={{ flex: 1 }}
                label={i18n._('URL')}
                type="url"
                placeholder="https://"
                data-autofocus
                spellCheck={false}
                {...form.getInputProps('url')}
                onChange={(event) => {
                  const { value } = event.currentTarget
                  form.setFieldValue('url', value)
                  forget()
                  if (isUrl(value)) take(nameIn(value.trim()))
                }}
              />
              <Button variant="default" loading={busy} onClick={() => void query()}>{i18n._('Query URL')}</Button>
            </Group>
            <Text size="sm" role="status" className={problem ? classes.warning : 'dim'}>
              {problem ?? (told ? `${told.size === undefined ? i18n._('Size not told') : bytes(told.size)} · ${told.mimetype ?? i18n._('kind not told')}` : i18n._('Query URL asks the server for name and size'))}
            </Text>
            <TextInput label={i18n._('File name')} spellCheck={false} {...form.getInputProps('filename')} />
            <ChecksumFields algorithm={form.getInputProps('algorithm')} checksum={form.getInputProps('checksum')} told={(one) => form.setFieldValue('algorithm', one)} />
            {iso && <Select label={i18n._('Unpack')} placeholder={i18n._('Keep as it is')} clearable data={['gz', 'zst', 'bz2', 'lzo']} {...form.getInputProps('compression')} />}
            <Checkbox label={i18n._('Verify certificates')} {...form.getInputProps('verify', { type: 'checkbox' })} />
          </>
        )
      }}
    </Form>
  )
}
