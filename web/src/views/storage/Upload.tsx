import { Button, FileInput, Progress as Bar, Select, Text, TextInput, type SelectProps, type TextInputProps } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFile } from '@tabler/icons-react'
import { i18n } from '../../i18n'
import { bytes, duration, percent, rate, share } from '../../lib/format'
import { followInCorner } from '../../shell/tasks'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { failed } from '../../ui/notify'
import { useNow } from '../../ui/parts'
import { ALGORITHMS, algorithmOf, cleanName, ENDINGS, fileName, fits, isChecksum, type Algorithm, type Brought } from './files'
import classes from './storage.module.css'
import { speedOf, startUpload, useUploads } from './uploads'

export interface Place {
  node: string
  storage: string
  content: Brought
}

/** Asks for a file and sends it. `volumes`: those that are there already. */
export function openUpload(place: Place, volumes: readonly string[], file: File | null, after: () => void): void {
  openDialog(i18n._('Upload to {storage}', { storage: place.storage }), (close) => (
    <UploadForm place={place} names={volumes.map(fileName)} file={file} after={after} done={close} />
  ))
}

function UploadForm({ place, names, file, after, done }: { place: Place; names: string[]; file: File | null; after: () => void; done: () => void }) {
  const endings = ENDINGS[place.content]
  return (
    <Form
      initial={{ file, name: file ? cleanName(file.name) : '', algorithm: null as Algorithm | null, checksum: '' }}
      validate={(values) => ({
        ...(!values.file && { file: i18n._('Choose a file') }),
        ...(!fits(place.content, values.name) && { name: i18n._('The name must end with one of {endings}', { endings: endings.join(' ') }) }),
        ...wrongChecksum(values.algorithm, values.checksum),
      })}
      submit={({ file: chosen, name, algorithm, checksum }) => {
        if (chosen) begin(place, chosen, cleanName(name), algorithm && checksum ? { algorithm, text: checksum.trim() } : undefined, after)
        return Promise.resolve()
      }}
      action={i18n._('Upload')}
      done={done}
    >
      {(form) => (
        <>
          <FileInput
            label={i18n._('File')}
            placeholder={i18n._('Choose a file')}
            size="xs"
            clearable
            clearButtonProps={{ 'aria-label': i18n._('Take the file away') }}
            leftSection={<IconFile size={15} aria-hidden />}
            accept={endings.map((ending) => `.${ending.split('.').pop()}`).join(',')}
            {...form.getInputProps('file')}
            onChange={(chosen: File | null) => form.setValues({ file: chosen, name: chosen ? cleanName(chosen.name) : '' })}
          />
          {form.values.file && <Text size="xs" className="dim">{bytes(form.values.file.size)}</Text>}
          <TextInput label={i18n._('Name')} spellCheck={false} {...form.getInputProps('name')} />
          {names.includes(cleanName(form.values.name)) && <Text size="sm" className={classes.warning}>{i18n._('There is a file of this name; it will be replaced.')}</Text>}
          <ChecksumFields algorithm={form.getInputProps('algorithm')} checksum={form.getInputProps('checksum')} told={(one) => form.setFieldValue('algorithm', one)} />
        </>
      )}
    </Form>
  )
}

/** What is wrong with a checksum and its algorithm; neither is needed. */
export function wrongChecksum(algorithm: Algorithm | null, checksum: string): { checksum?: string; algorithm?: string } {
  const text = checksum.trim()
  if (algorithm && text === '') return { checksum: i18n._('Give the checksum, or choose no algorithm') }
  if (!algorithm && text !== '') return { algorithm: i18n._('Choose how the checksum was computed') }
  return algorithm && !isChecksum(algorithm, text) ? { checksum: i18n._('This is no checksum by {algorithm}', { algorithm }) } : {}
}

interface ChecksumProps {
  /** What the form gives the two fields. */
  algorithm: SelectProps
  checksum: TextInputProps
  /** The form of a checksum tells its algorithm. */
  told: (algorithm: Algorithm) => void
}

/** A checksum that the file must have. */
export function ChecksumFields({ algorithm, checksum, told }: ChecksumProps) {
  return (
    <>
      <TextInput
        label={i18n._('Checksum')}
        description={i18n._('The file is refused if it has another one; may be empty')}
        spellCheck={false}
        {...checksum}
        onChange={(event) => {
          checksum.onChange?.(event)
          const known = algorithmOf(event.currentTarget.value.trim())
          if (known) told(known)
        }}
      />
      <Select label={i18n._('Checksum algorithm')} placeholder={i18n._('None')} clearable data={[...ALGORITHMS]} {...algorithm} />
    </>
  )
}

/** Sends it, with its progress in the corner of the page. */
function begin(place: Place, file: File, name: string, checksum: { algorithm: Algorithm; text: string } | undefined, after: () => void) {
  const { id, answer } = startUpload({ ...place, file, name, checksum })
  const title = i18n._('Upload {name}', { name })
  const corner = `upload-${id}`
  notifications.show({ id: corner, title, message: <Going id={id} />, autoClose: false, withCloseButton: false })
  answer
    .then((upid) => {
      if (upid) followInCorner(title, upid)
      after()
    })
    .catch((error: unknown) => failed(title, error))
    .finally(() => notifications.hide(corner))
}

function Going({ id }: { id: number }) {
  const progress = useUploads((state) => state.running.find((one) => one.upload.id === id))
  const now = useNow()
  if (!progress) return null
  const { size } = progress.upload.file
  const part = share(progress.sent, size)
  const speed = speedOf(progress, now)
  return (
    <div className={classes.going}>
      <Bar value={part * 100} aria-label={i18n._('Upload {name}', { name: progress.upload.name })} />
      <span className="num">
        {percent(part)} · {bytes(progress.sent)} / {bytes(size)} {speed.rate !== undefined && `· ${rate(speed.rate)}`} {speed.left !== undefined && `· ${i18n._('{time} left', { time: duration(speed.left) })}`}
      </span>
      <Button variant="default" onClick={progress.cancel}>{i18n._('Cancel')}</Button>
    </div>
  )
}
