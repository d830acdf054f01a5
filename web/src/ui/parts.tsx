// Small parts that every view is made of.
import { Alert, Button, Paper, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { IconAlertTriangle, IconBox, IconBoxMultiple, IconDatabase, IconDeviceDesktop, IconServer, IconStack2, type Icon } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useLive } from '../api/events'
import type { Resource } from '../api/resources'
import { i18n } from '../i18n'
import { ago, bytes, percent, share } from '../lib/format'
import { explain } from './Form'
import classes from './parts.module.css'

/** A titled area of a page. */
export function Panel({ title, tools, children, className }: { title?: ReactNode; tools?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <Paper component="section" withBorder className={`${classes.panel} ${className ?? ''}`}>
      {(title || tools) && (
        <header className={classes.panelHead}>
          <h2>{title}</h2>
          <div className={classes.tools}>{tools}</div>
        </header>
      )}
      <div className={classes.panelBody}>{children}</div>
    </Paper>
  )
}

/** Panels side by side where there is room. */
export const Columns = ({ children }: { children: ReactNode }) => <div className={classes.columns}>{children}</div>

/** Buttons above a table. Wraps on narrow screens. */
export const Toolbar = ({ children }: { children: ReactNode }) => <div className={classes.toolbar} role="toolbar">{children}</div>

/** Names with values. */
export function Facts({ rows }: { rows: readonly (readonly [label: string, value: ReactNode] | false | null | undefined)[] }) {
  return (
    <dl className={classes.facts}>
      {rows.map((row) => row && (
        <div key={row[0]}>
          <dt>{row[0]}</dt>
          <dd>{row[1]}</dd>
        </div>
      ))}
    </dl>
  )
}

/** How much of something is used, as a bar with words. */
export function Meter({ label, used, total, format = bytes }: { label: string; used?: number; total?: number; format?: (value: number) => string }) {
  const part = share(used, total)
  const colour = part > 0.9 ? 'var(--bad)' : part > 0.75 ? 'var(--warn)' : 'var(--mantine-primary-color-filled)'
  return (
    <div className={classes.meter}>
      <div className={classes.meterHead}>
        <span>{label}</span>
        <span className="num">
          {percent(part)} <span className="dim">{used === undefined || total === undefined ? '' : `${format(used)} / ${format(total)}`}</span>
        </span>
      </div>
      <div className={classes.track} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)}>
        <div style={{ width: `${Math.min(100, part * 100)}%`, background: colour }} />
      </div>
    </div>
  )
}

/** What a query answers, or why not; room is kept while it loads. */
export function Loaded<T>({ query, lines = 4, children }: { query: UseQueryResult<T, Error>; lines?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Problem error={query.error} retry={() => void query.refetch()} />
  return <div role="status" aria-busy="true" aria-label={i18n._('Loading')}>{Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={14} my={7} />)}</div>
}

/** An error in the place of what it kept from being shown. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle size={16} />}>
      {explain(error)} {retry && <Button variant="subtle" onClick={retry}>{i18n._('Try again')}</Button>}
    </Alert>
  )
}

/** Says that what the page shows is old, since when, and what it does about it. Nothing while the stream is there. */
export function StaleNote() {
  const { live, lostAt } = useLive()
  const now = useNow(!live)
  // A moment of silence is nothing to speak of.
  if (live || lostAt === null || now - lostAt < 2000) return null
  return (
    <output className={classes.stale}>
      <IconAlertTriangle size={14} /> {i18n._('No connection to the node; what you see is from {ago}. Trying again…', { ago: ago((now - lostAt) / 1000) })}
    </output>
  )
}

/** The time, every second, while it is needed. ms since the epoch. */
export function useNow(active = true): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!active) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [active])
  return now
}

const ICONS: Record<string, Icon> = {
  qemu: IconDeviceDesktop,
  lxc: IconBox,
  node: IconServer,
  storage: IconDatabase,
  pool: IconStack2,
  template: IconBoxMultiple,
}

/** State of a resource in one word that styles know. */
export function stateOf(row: Pick<Resource, 'type' | 'status' | 'template' | 'lock'>): 'running' | 'stopped' | 'paused' | 'bad' | 'none' {
  switch (row.status) {
    case 'running': case 'online': case 'available': return 'running'
    case 'paused': case 'suspended': case 'prelaunch': return 'paused'
    case 'stopped': return 'stopped'
    case undefined: return 'none'
    default: return 'bad'
  }
}

/** What a state is called. */
export function stateName(row: Pick<Resource, 'type' | 'status'>): string {
  switch (row.status) {
    case 'running': return i18n._('running')
    case 'stopped': return i18n._('stopped')
    case 'paused': return i18n._('paused')
    case 'suspended': return i18n._('suspended')
    case 'online': return i18n._('online')
    case 'offline': return i18n._('offline')
    case 'available': return i18n._('available')
    case 'io-error': return i18n._('paused by an I/O error')
    case 'guest-panicked': return i18n._('crashed (panic)')
    case 'internal-error': return i18n._('stopped by an error of QEMU')
    case 'watchdog': return i18n._('paused by its watchdog')
    case 'shutdown': return i18n._('shut down')
    case 'prelaunch': return i18n._('waiting to begin')
    case 'inmigrate': case 'finish-migrate': case 'postmigrate': return i18n._('migrating')
    case 'save-vm': case 'restore-vm': return i18n._('saving or loading its state')
    case 'unknown': return row.type === 'qemu' ? i18n._('not responding') : i18n._('unknown')
    case undefined: return i18n._('unknown')
    default: return row.status
  }
}

/** Icon of a resource with its state as a dot, and both in words for those who do not see them. */
export function ResourceIcon({ row, size = 16 }: { row: Pick<Resource, 'type' | 'status' | 'template' | 'lock'>; size?: number }) {
  const Shape = ICONS[row.template ? 'template' : row.type] ?? IconServer
  const state = stateOf(row)
  return (
    <span className={classes.icon} data-state={state}>
      <Shape size={size} stroke={1.6} aria-hidden />
      {state !== 'none' && <span className={classes.dot} />}
      {state !== 'none' && <span className="visually-hidden">{stateName(row)}</span>}
    </span>
  )
}
