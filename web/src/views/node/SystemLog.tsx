// What the system of a node logs, as it comes.
import { Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { request } from '../../api/call'
import { i18n } from '../../i18n'
import { Problem } from '../../ui/parts'
import { grow, type Grown } from './journal'
import classes from './node.module.css'

const FIRST = 1000
const POLL_MS = 3000

interface Filter {
  service: string
  /** Urgencies, as journalctl writes them; empty for all. */
  priority: string
}

/** The last lines, and those that come while one looks. */
function useJournal(node: string, { service, priority }: Filter) {
  const [state, setState] = useState<{ log: Grown | null; error: unknown }>({ log: null, error: null })
  useEffect(() => {
    let log: Grown | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = new AbortController()
    const filter = { ...(service ? { service } : {}), ...(priority ? { priority } : {}) }
    const read = async () => {
      // What nobody looks at is not read.
      if (log === null || !document.hidden) {
        const from = log?.place ? { startcursor: log.place } : { lastentries: FIRST }
        try {
          log = grow(log, (await request('get', '/nodes/{node}/journal', { node, ...filter, ...from }, stop.signal)) as string[])
          setState({ log, error: null })
        } catch (error) {
          if (stop.signal.aborted) return
          setState({ log, error })
        }
      }
      timer = setTimeout(() => void read(), POLL_MS)
    }
    setState({ log: null, error: null })
    void read()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [node, service, priority])
  return state
}

export function SystemLog({ node }: { node: string }) {
  const [service, setService] = useState('')
  const [priority, setPriority] = useState('')
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(service.trim(), 400)
  const { log, error } = useJournal(node, { service: wanted, priority })
  const urgencies = [
    { value: '', label: i18n._('All') },
    { value: '0..4', label: i18n._('Warnings and worse') },
    { value: '0..3', label: i18n._('Errors only') },
  ]
  return (
    <div className={classes.fill}>
      <div className={classes.tools}>
        <Select aria-label={i18n._('Urgency')} data={urgencies} value={priority} allowDeselect={false} onChange={(value) => setPriority(value ?? '')} />
        <TextInput aria-label={i18n._('Only of service')} placeholder={i18n._('Only of service')} value={service} onChange={(event) => setService(event.currentTarget.value)} />
        <TextInput aria-label={i18n._('Search in the log')} placeholder={i18n._('Search')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {error !== null && <Problem error={error} />}
      <Lines log={log} search={search} />
    </div>
  )
}

function Lines({ log, search }: { log: Grown | null; search: string }) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const shown = useMemo(() => {
    const text = search.toLowerCase()
    const lines = log?.lines ?? []
    return text ? lines.filter((line) => line.toLowerCase().includes(text)) : lines
  }, [log, search])
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => box.current, estimateSize: () => 18, overscan: 20 })
  useEffect(() => {
    if (atEnd.current && shown.length > 0) virtual.scrollToIndex(shown.length - 1, { align: 'end' })
  }, [shown, virtual])
  return (
    <div
      ref={box}
      className={classes.log}
      role="log"
      aria-label={i18n._('System log')}
      aria-live="off"
      aria-busy={log === null}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 40
      }}
    >
      {shown.length === 0 && <span className="dim">{log === null ? i18n._('Loading…') : search ? i18n._('No line has that.') : i18n._('Nothing was logged.')}</span>}
      <div className={classes.lines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={classes.line} style={{ transform: `translateY(${item.start}px)` }}>
            {shown[item.index]}
          </div>
        ))}
      </div>
    </div>
  )
}
