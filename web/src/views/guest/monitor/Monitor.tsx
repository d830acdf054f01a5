// The monitor of a VM's QEMU: commands for people.
import { Button, TextInput } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { request } from '../../../api/call'
import { useMay } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { guestPath } from '../config/useSettings'
import { isRunning } from '../power'
import { depth, recalled, withExchange, type Exchange } from './history'
import classes from './monitor.module.css'

export function Monitor({ guest }: { guest: Guest }) {
  const may = useMay(`/vms/${guest.vmid}`)
  const [all, setAll] = useState<readonly Exchange[]>([])
  const [command, setCommand] = useState('')
  const [back, setBack] = useState(0)
  const [busy, setBusy] = useState(false)
  const output = useRef<HTMLPreElement>(null)
  useEffect(() => {
    output.current?.scrollTo({ top: output.current.scrollHeight })
  }, [all])
  const why = !isRunning(guest)
    ? i18n._('The VM is not running.')
    : may('Sys.Modify') || may('Sys.Audit') ? undefined : i18n._('You need the privilege {privilege}', { privilege: 'Sys.Audit' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const typed = command.trim()
    if (typed === '' || busy || why) return
    setBusy(true)
    const answer = await request('post', `${guestPath(guest)}/monitor`, { command: typed }).then(
      (text): Exchange => ({ command: typed, answer: String(text ?? '') }),
      (error: Error): Exchange => ({ command: typed, answer: error.message, failed: true }),
    )
    setAll((before) => withExchange(before, answer))
    setCommand('')
    setBack(0)
    setBusy(false)
  }
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const to = Math.min(depth(all), Math.max(0, back + step))
    setBack(to)
    setCommand(recalled(all, to))
  }
  return (
    <div className={classes.monitor}>
      <pre className={classes.output} ref={output} tabIndex={0} role="log" aria-label={i18n._('Answers of the monitor')}>
        {all.length === 0 && <span className="dim">{i18n._('Commands of QEMU’s monitor; “help” lists them.')}</span>}
        {all.map((one, at) => (
          // eslint-disable-next-line react/no-array-index-key -- lines of a log
          <div key={at}>
            <div className={classes.typed}># {one.command}</div>
            <div className={one.failed ? classes.failed : undefined}>{one.answer}</div>
          </div>
        ))}
      </pre>
      <form className={classes.line} onSubmit={(event) => void send(event)}>
        <TextInput
          className={classes.input} aria-label={i18n._('Command')} placeholder="info status" value={command} onChange={(event) => setCommand(event.currentTarget.value)}
          onKeyDown={keys} autoComplete="off" autoCapitalize="off" spellCheck={false} disabled={Boolean(why)} classNames={{ input: 'mono' }}
        />
        <Button type="submit" leftSection={<IconPlayerPlay size={15} aria-hidden />} loading={busy} disabled={Boolean(why)}>{i18n._('Run')}</Button>
      </form>
      {why && <p className="dim">{why}</p>}
    </div>
  )
}
