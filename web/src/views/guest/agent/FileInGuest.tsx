// Reads and writes a file in a VM by its agent.
import { Alert, Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { IconDeviceFloppy, IconDownload, IconFileText } from '@tabler/icons-react'
import { useState } from 'react'
import { request } from '../../../api/call'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { bytes } from '../../../lib/format'
import { explain } from '../../../ui/Form'
import { done } from '../../../ui/notify'
import { isBinary, MOST_WRITTEN } from './agentFacts'
import classes from './agent.module.css'
import { agentPath } from './useAgent'

interface Read {
  content: string
  truncated?: boolean | number
}

export function FileInGuest({ guest, mayRead, mayWrite }: { guest: Guest; mayRead: boolean; mayWrite: boolean }) {
  const [file, setFile] = useState('')
  const [content, setContent] = useState('')
  const [busy, setBusy] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  /** What is shown is not all of the file, or not as it is: it must not be written back. */
  const [partial, setPartial] = useState(false)
  const size = new TextEncoder().encode(content).length
  const doing = (what: string, work: () => Promise<void>) => async () => {
    setBusy(what)
    setProblem(null)
    await work().catch((error: unknown) => setProblem(explain(error)))
    setBusy('')
  }
  const read = doing('read', async () => {
    const answer = (await request('get', agentPath(guest, 'file-read'), { file })) as Read
    const binary = isBinary(answer.content)
    setContent(binary ? '' : answer.content)
    setPartial(binary || Boolean(answer.truncated))
    if (binary) setProblem(i18n._('This is no text. It can be downloaded.'))
    else if (answer.truncated) setProblem(i18n._('Only the beginning of the file is shown: it is larger than 16 MiB.'))
  })
  const write = doing('write', async () => {
    await request('post', agentPath(guest, 'file-write'), { file, content })
    done(i18n._('{file} was written', { file }))
  })
  const download = doing('download', async () => {
    const answer = (await request('get', agentPath(guest, 'file-read'), { file, decode: 0 })) as Read
    save(file, answer.content)
  })
  const tooLarge = size > MOST_WRITTEN
  const empty = file.trim() === ''
  return (
    <Stack gap="sm">
      <form className={classes.row} onSubmit={(event) => { event.preventDefault(); if (mayRead && !empty) void read() }}>
        <TextInput className={classes.grow} label={i18n._('Path in the guest')} placeholder="/etc/hostname" classNames={{ input: 'mono' }} data-autofocus spellCheck={false} autoCapitalize="off" autoComplete="off" value={file} onChange={(event) => { setFile(event.currentTarget.value); setPartial(false) }} />
        {mayRead && <Button type="submit" variant="default" leftSection={<IconFileText size={15} aria-hidden />} loading={busy === 'read'} disabled={empty}>{i18n._('Read')}</Button>}
      </form>
      {problem && <Alert color={partial ? 'yellow' : 'red'} role="alert">{problem}</Alert>}
      <Textarea label={i18n._('Content')} classNames={{ input: 'mono' }} autosize minRows={8} maxRows={20} spellCheck={false} readOnly={!mayWrite} value={content} onChange={(event) => setContent(event.currentTarget.value)} error={tooLarge && mayWrite ? i18n._('At most {most} can be written; this is {size}', { most: bytes(MOST_WRITTEN), size: bytes(size) }) : undefined} />
      <Group justify="flex-end">
        {mayRead && <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} loading={busy === 'download'} disabled={empty} onClick={() => void download()}>{i18n._('Download')}</Button>}
        {mayWrite && <Button leftSection={<IconDeviceFloppy size={15} aria-hidden />} loading={busy === 'write'} disabled={empty || tooLarge || partial} onClick={() => void write()}>{i18n._('Write')}</Button>}
      </Group>
    </Stack>
  )
}

/** Hands bytes that came as base64 to the browser as a file. */
function save(path: string, base64: string) {
  const raw = atob(base64)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([Uint8Array.from(raw, (sign) => sign.codePointAt(0) ?? 0)]))
  link.download = path.split(/[\\/]/).at(-1) || 'file'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
