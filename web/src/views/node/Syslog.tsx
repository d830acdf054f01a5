// What the system of a node logged last.
import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useApiAt } from '../../api/hooks'
import { i18n } from '../../i18n'
import { Loaded } from '../../ui/parts'
import classes from './node.module.css'

const LINES = 1000
const POLL_MS = 10_000

export function Syslog({ node }: { node: string }) {
  const [service, setService] = useState('')
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(service.trim(), 300)
  const query = useApiAt<{ n: number; t: string }[]>('/nodes/{node}/syslog', { node, limit: LINES, ...(wanted ? { service: wanted } : {}) }, { refetchInterval: POLL_MS, placeholderData: (before) => before })
  return (
    <div className={classes.fill}>
      <div className={classes.tools}>
        <TextInput aria-label={i18n._('Only of service')} placeholder={i18n._('Only of service')} value={service} onChange={(event) => setService(event.currentTarget.value)} />
        <TextInput aria-label={i18n._('Search in the log')} placeholder={i18n._('Search')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </div>
      <Loaded query={query} lines={12}>{(rows) => <Lines rows={rows} search={search} />}</Loaded>
    </div>
  )
}

function Lines({ rows, search }: { rows: readonly { n: number; t: string }[]; search: string }) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const shown = useMemo(() => {
    const text = search.toLowerCase()
    return text ? rows.filter((row) => row.t.toLowerCase().includes(text)) : rows
  }, [rows, search])
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
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 40
      }}
    >
      {shown.length === 0 && <span className="dim">{search ? i18n._('No line has that.') : i18n._('Nothing was logged.')}</span>}
      <div className={classes.lines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={classes.line} style={{ transform: `translateY(${item.start}px)` }}>
            {shown[item.index]?.t}
          </div>
        ))}
      </div>
    </div>
  )
}
