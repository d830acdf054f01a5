// All about one task: what it printed, as it comes, and how it stands.
import { Button, Loader, Tabs } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconAlertTriangle, IconCheck, IconDownload, IconPlayerStop, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { call } from '../api/call'
import { useLive } from '../api/events'
import { useApi, useMay } from '../api/hooks'
import { useSession } from '../api/session'
import { i18n } from '../i18n'
import { duration, moment } from '../lib/format'
import { confirm } from '../ui/confirm'
import { Facts, Problem, useNow } from '../ui/parts'
import { useTaskLog, type LogState } from './taskLog'
import { outcomeOf, parseUpid, taskName, type Outcome } from './taskNames'
import classes from './tasks.module.css'

const STATUS_POLL_MS = 2000

/** A task as its status and the list of its node tell. */
function useTask(upid: string) {
  const known = parseUpid(upid)
  const node = known?.node ?? ''
  const live = useLive((state) => state.live)
  const status = useApi('/nodes/{node}/tasks/{upid}/status', { node, upid }, {
    // Without the stream nothing else says that it has ended.
    refetchInterval: (query) => (!live && query.state.data?.status === 'running' ? STATUS_POLL_MS : false),
  })
  const start = known?.starttime ?? 0
  const { data: then } = useApi('/nodes/{node}/tasks', { node, since: start, until: start, source: 'all', limit: 200 })
  const listed = then?.find((row) => row.upid === upid)
  const outcome: Outcome | undefined = status.data && (status.data.status === 'running' ? 'running' : outcomeOf({ status: status.data.exitstatus, endtime: 1 }))
  return { known, status, outcome, endtime: listed?.endtime }
}

export function TaskViewer({ upid }: { upid: string }) {
  const log = useTaskLog(upid)
  const task = useTask(upid)
  const { known, status, outcome } = task
  const { refetch } = status
  useEffect(() => {
    if (log.ended) void refetch()
  }, [log.ended, refetch])
  return (
    <div className={classes.viewer}>
      <div className={classes.tools}>
        <State outcome={outcome} text={status.data?.exitstatus} />
        {outcome === 'running' && known && <Stop upid={upid} node={known.node} user={known.user} />}
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={15} />}
          href={`/api2/json/nodes/${encodeURIComponent(known?.node ?? '')}/tasks/${encodeURIComponent(upid)}/log?download=1`}
          download
        >
          {i18n._('Download')}
        </Button>
      </div>
      <Tabs defaultValue="output" className={classes.tabs} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="output">{i18n._('Output')}</Tabs.Tab>
          <Tabs.Tab value="status">{i18n._('Status')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="output" className={classes.panel}>
          {log.error ? <Problem error={log.error} /> : <Output log={log} />}
        </Tabs.Panel>
        <Tabs.Panel value="status" className={classes.panel}>
          {status.error ? <Problem error={status.error} retry={() => void refetch()} /> : <StatusFacts upid={upid} task={task} />}
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

/** How it stands, in a word and a colour. */
export function State({ outcome, text }: { outcome: Outcome | undefined; text?: string }) {
  if (!outcome) return <output className={classes.state}>…</output>
  return (
    <output className={classes.state} data-outcome={outcome}>
      {outcome === 'running' && <Loader size={14} aria-hidden />}
      {outcome === 'ok' && <IconCheck size={16} aria-hidden />}
      {outcome === 'warning' && <IconAlertTriangle size={16} aria-hidden />}
      {outcome === 'error' && <IconX size={16} aria-hidden />}
      {outcomeText(outcome, text)}
    </output>
  )
}

function outcomeText(outcome: Outcome, text: string | undefined): string {
  if (outcome === 'running') return i18n._('Running')
  if (outcome === 'ok') return i18n._('OK')
  if (outcome === 'warning') return text ?? i18n._('Ended with warnings')
  return text ? i18n._('Error: {text}', { text }) : i18n._('Failed')
}

/** Stops a running task. One's own may be stopped always. */
function Stop({ upid, node, user }: { upid: string; node: string; user: string }) {
  const me = useSession((state) => state.session?.username)
  const may = useMay(`/nodes/${node}`)
  if (user !== me && !may('Sys.Modify')) return null
  const known = parseUpid(upid)
  const stop = () =>
    confirm({
      title: i18n._('Stop task'),
      text: i18n._('Stop “{task}”? What it has done so far is undone where that is possible.', { task: known ? taskName(known.type, known.id) : upid }),
      action: i18n._('Stop'),
      run: () => call('delete', '/nodes/{node}/tasks/{upid}', { node, upid }),
    })
  return (
    <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={stop}>
      {i18n._('Stop')}
    </Button>
  )
}

function kindOf(line: string): Outcome | undefined {
  if (line.startsWith('TASK ERROR')) return 'error'
  if (line.startsWith('TASK OK')) return 'ok'
  if (line.startsWith('TASK WARNINGS') || line.startsWith('WARN')) return 'warning'
  return undefined
}

/** The lines, drawn only where they are looked at. Stays at the end while one is at the end. */
function Output({ log }: { log: LogState }) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const count = log.lines.length
  const virtual = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => 18, overscan: 30 })
  useEffect(() => {
    if (atEnd.current && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [count, virtual])
  return (
    // A scrolling area can be reached by keyboard.
    <div
      ref={box}
      className={classes.output}
      role="log"
      aria-label={i18n._('Output of the task')}
      aria-busy={!log.ended}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 40
      }}
    >
      {count === 0 && <span className="dim">{log.ended ? i18n._('This task printed nothing.') : i18n._('Nothing printed yet.')}</span>}
      <div className={classes.lines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = log.lines[item.index] ?? ''
          return (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} data-kind={kindOf(line)} className={classes.line} style={{ transform: `translateY(${item.start}px)` }}>
              {line}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function StatusFacts({ upid, task }: { upid: string; task: ReturnType<typeof useTask> }) {
  const { known, status, outcome, endtime } = task
  const now = useNow(outcome === 'running')
  if (!known) return null
  const data = status.data
  const end = outcome === 'running' ? now / 1000 : endtime
  return (
    <Facts
      rows={[
        [i18n._('Status'), <State key="state" outcome={outcome} text={data?.exitstatus} />],
        [i18n._('Task'), taskName(known.type, known.id)],
        [i18n._('Task type'), known.type],
        [i18n._('User name'), known.user],
        [i18n._('Node'), known.node],
        [i18n._('Process ID'), String(known.pid)],
        [i18n._('Start time'), moment(known.starttime)],
        [i18n._('End time'), outcome === 'running' ? '–' : moment(endtime)],
        [i18n._('Duration'), end ? duration(end - known.starttime) : '–'],
        [i18n._('Unique task ID'), <code key="upid">{upid}</code>],
      ]}
    />
  )
}
