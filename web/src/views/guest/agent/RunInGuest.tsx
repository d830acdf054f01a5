// Runs a program in a VM by its agent, and shows what it prints.
import { Button, Group, Select, Stack, Textarea } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { request } from '../../../api/call'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { explain } from '../../../ui/Form'
import { argv, INTERPRETERS, type Interpreter, type Ran } from './agentFacts'
import classes from './agent.module.css'
import { agentPath } from './useAgent'

const FIRST_LOOK_MS = 200
const LONGEST_PAUSE_MS = 2000

function interpreterName(interpreter: Interpreter): string {
  switch (interpreter) {
    case 'sh': return i18n._('Shell (/bin/sh)')
    case 'powershell': return 'PowerShell'
    case 'cmd': return i18n._('Command prompt (cmd.exe)')
    case 'none': return i18n._('None: a program and its arguments')
  }
}

export function RunInGuest({ guest, interpreter }: { guest: Guest; interpreter: Interpreter }) {
  const [by, setBy] = useState(interpreter)
  const [typed, setTyped] = useState('')
  const [input, setInput] = useState('')
  const [ran, setRan] = useState<Ran | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const closed = useRef(false)
  useEffect(() => {
    closed.current = false
    return () => {
      closed.current = true
    }
  }, [])
  const run = async () => {
    const command = argv(by, typed)
    if (busy || typed.trim() === '' || command.length === 0) return
    setBusy(true)
    setRan(null)
    setError(null)
    try {
      await follow(guest, { command, ...(input !== '' && { 'input-data': input }) }, setRan, () => closed.current)
    } catch (failure) {
      setError(explain(failure))
    }
    setBusy(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Textarea label={i18n._('Command')} description={i18n._('It runs with all rights in the guest. Ctrl and Enter run it.')} classNames={{ input: 'mono' }} autosize minRows={2} maxRows={10} data-autofocus spellCheck={false} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onKeyDown={keys} />
        <Select label={i18n._('Run by')} allowDeselect={false} data={INTERPRETERS.map((one) => ({ value: one, label: interpreterName(one) }))} value={by} onChange={(next) => setBy((next ?? 'sh') as Interpreter)} />
        <Textarea label={i18n._('Standard input')} classNames={{ input: 'mono' }} autosize minRows={1} maxRows={6} spellCheck={false} value={input} onChange={(event) => setInput(event.currentTarget.value)} />
        <Group justify="flex-end"><Button type="submit" leftSection={<IconPlayerPlay size={15} aria-hidden />} loading={busy} disabled={typed.trim() === ''}>{i18n._('Run')}</Button></Group>
        <Output ran={ran} busy={busy} error={error} />
      </Stack>
    </form>
  )
}

/** Starts a program and looks after it, less and less often, until it has ended or nobody wants to know. */
async function follow(guest: Guest, wish: Record<string, unknown>, told: (ran: Ran) => void, left: () => boolean) {
  const { pid } = (await request('post', agentPath(guest, 'exec'), wish)) as { pid: number }
  let pause = FIRST_LOOK_MS
  while (!left()) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const ran = (await request('get', agentPath(guest, 'exec-status'), { pid })) as Ran
    told(ran)
    if (ran.exited) return
    const wait = pause
    // oxlint-disable-next-line no-await-in-loop -- as above
    await new Promise((resolve) => setTimeout(resolve, wait))
    pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)
  }
}

function Output({ ran, busy, error }: { ran: Ran | null; busy: boolean; error: string | null }) {
  const out = ran?.['out-data'] ?? ''
  const err = ran?.['err-data'] ?? ''
  const cut = Boolean(ran?.['out-truncated']) || Boolean(ran?.['err-truncated'])
  return (
    <>
      <pre className={classes.output} tabIndex={0} role="log" aria-label={i18n._('Output')}>
        {out}
        {err && <span className={classes.bad}>{err}</span>}
        {!out && !err && <span className="dim">{ran?.exited ? i18n._('It printed nothing.') : busy ? i18n._('Running: what it prints is shown when it has ended.') : i18n._('What it prints is shown here.')}</span>}
      </pre>
      <div className={classes.end} role="status">
        {error && <span className={classes.bad}>{error}</span>}
        {Boolean(ran?.exited) && <Ending ran={ran as Ran} />}
        {cut && <span className="dim">{i18n._('There was more than the agent keeps: the rest is cut off.')}</span>}
      </div>
    </>
  )
}

function Ending({ ran }: { ran: Ran }) {
  if (ran.signal !== undefined) return <span className={classes.bad}>{i18n._('Ended by signal {signal}', { signal: ran.signal })}</span>
  const code = ran.exitcode ?? 0
  return <span className={code === 0 ? undefined : classes.bad}>{i18n._('Exit code {code}', { code })}</span>
}
