import { Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useGuests, useNodes, useResources, type Resource } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes, duration, percent, share } from '../../lib/format'
import { DataTable, NARROW, type Column } from '../../ui/DataTable'
import { Meter, Panel, Problem, ResourceIcon } from '../../ui/parts'
import { countGuests, findings, GUEST_STATES, totals, type Counts, type Finding, type GuestState } from './health'
import { ResourceLink, SearchLink, useOpen } from './links'
import classes from './Summary.module.css'

/** How the datacenter is: what is wrong, what runs, what is left. */
export function Summary() {
  const { loaded, error } = useResources()
  if (!loaded) return error ? <Problem error={error} /> : <Skeleton height={400} role="status" aria-label={i18n._('Loading')} />
  return (
    <div className={classes.page}>
      <div className={classes.panels}>
        <Health />
        <Guests />
        <Resources />
      </div>
      <Nodes />
    </div>
  )
}

function explain({ kind, row }: Finding): string {
  const name = row.name ?? row.storage ?? row.node ?? row.id
  switch (kind) {
    case 'node-offline': return i18n._('Node {name} does not answer', { name })
    case 'node-full': return i18n._('The root file system of node {name} is {share} full', { name, share: percent(share(row.disk, row.maxdisk)) })
    case 'node-memory': return i18n._('Memory of node {name} is {share} used', { name, share: percent(share(row.mem, row.maxmem)) })
    case 'storage-inactive': return i18n._('Storage {name} is not active on node {node}', { name, node: row.node ?? '' })
    case 'storage-full': return i18n._('Storage {name} is {share} full', { name, share: percent(share(row.disk, row.maxdisk)) })
    case 'guest-locked': return i18n._('{id} {name} is locked ({lock})', { id: row.vmid ?? '', name: row.name ?? '', lock: row.lock ?? '' })
    case 'guest-unknown': return i18n._('The state of {id} {name} is not known', { id: row.vmid ?? '', name: row.name ?? '' })
  }
}

/** Findings that are shown; the rest is counted. */
const SHOWN = 12

function Health() {
  const rows = useResources((state) => state.rows)
  const nodes = useNodes()
  const found = useMemo(() => findings(rows.values()), [rows])
  const online = nodes.filter((node) => node.status === 'online').length
  return (
    <Panel title={i18n._('Health')}>
      <p className={classes.state} data-state={found.some((one) => one.severity === 'error') ? 'error' : found.length > 0 ? 'warning' : 'good'} role="status">
        {found.length === 0 ? <IconCircleCheck size={22} aria-hidden /> : <IconAlertTriangle size={22} aria-hidden />}
        {found.length === 0 ? i18n._('All is well') : i18n._('{n, plural, one {# thing to look at} other {# things to look at}}', { n: found.length })}
      </p>
      <p className="dim">{i18n._('{online} of {all, plural, one {# node} other {# nodes}} online', { online, all: nodes.length })}</p>
      <ul className={classes.findings}>
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.id + one.kind} data-severity={one.severity}>
            {one.severity === 'error' ? <IconCircleX size={15} aria-label={i18n._('Error')} role="img" /> : <IconAlertTriangle size={15} aria-label={i18n._('Warning')} role="img" />}
            <ResourceLink row={one.row}>{explain(one)}</ResourceLink>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p className="dim">{i18n._('and {n} more', { n: found.length - SHOWN })}</p>}
    </Panel>
  )
}

export function stateLabel(state: GuestState): string {
  switch (state) {
    case 'running': return i18n._('Running')
    case 'paused': return i18n._('Paused')
    case 'stopped': return i18n._('Stopped')
    case 'template': return i18n._('Templates')
    case 'unknown': return i18n._('Unknown')
  }
}

function Guests() {
  const guests = useGuests()
  const counts = useMemo(() => countGuests(guests), [guests])
  const shown = GUEST_STATES.filter((state) => state === 'running' || state === 'stopped' || counts.qemu[state] + counts.lxc[state] > 0)
  return (
    <Panel title={i18n._('Guests')}>
      <table className={classes.guests}>
        <thead>
          <tr>
            <th scope="col"><span className="visually-hidden">{i18n._('State')}</span></th>
            <th scope="col"><SearchLink filter={{ type: 'qemu' }}>{i18n._('Virtual machines')}</SearchLink></th>
            <th scope="col"><SearchLink filter={{ type: 'lxc' }}>{i18n._('Containers')}</SearchLink></th>
          </tr>
        </thead>
        <tbody>
          {shown.map((state) => (
            <tr key={state}>
              <th scope="row"><span className={classes.dot} data-state={state} /> {stateLabel(state)}</th>
              <Count counts={counts.qemu} state={state} type="qemu" />
              <Count counts={counts.lxc} state={state} type="lxc" />
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Count({ counts, state, type }: { counts: Counts; state: GuestState; type: 'qemu' | 'lxc' }) {
  const n = counts[state]
  const kind = type === 'qemu' ? i18n._('Virtual machines') : i18n._('Containers')
  return (
    <td className="num">
      {n === 0 ? <span className="dim">0</span> : (
        <SearchLink filter={{ type, state }} label={`${n} · ${kind} · ${stateLabel(state)}`}>{n}</SearchLink>
      )}
    </td>
  )
}

function Resources() {
  const rows = useResources((state) => state.rows)
  const sum = useMemo(() => totals(rows.values()), [rows])
  const cores = (value: number) => value.toLocaleString(i18n.locale || 'en', { maximumFractionDigits: 1 })
  return (
    <Panel title={i18n._('Resources')}>
      {sum.cores > 0 ? (
        <>
          <Meter label={i18n._('CPU (cores)')} used={sum.cpu} total={sum.cores} format={cores} />
          <Meter label={i18n._('Memory')} used={sum.mem} total={sum.maxmem} />
        </>
      ) : <p className="dim">{i18n._('There is no node whose figures you may see.')}</p>}
      {sum.maxdisk > 0 ? <Meter label={i18n._('Storage')} used={sum.disk} total={sum.maxdisk} /> : <p className="dim">{i18n._('There is no storage that you may see.')}</p>}
    </Panel>
  )
}

function Nodes() {
  const narrow = useMediaQuery(NARROW) ?? false
  const nodes = useNodes()
  const open = useOpen()
  const columns = useMemo(() => columnsFor(), [])
  return (
    <Panel title={i18n._('Nodes')}>
      <DataTable label={i18n._('Nodes')} rows={nodes} columns={columns} id={(node) => node.id} onOpen={open} sort={[{ id: 'node', desc: false }]} height={narrow ? undefined : Math.min(400, 33 + nodes.length * 30)} />
    </Panel>
  )
}

const part = (used: number | undefined, whole: number | undefined) => (whole ? `${percent(share(used, whole))} · ${bytes(used)} / ${bytes(whole)}` : '–')

const columnsFor = (): Column<Resource>[] => [
  {
    id: 'node',
    header: i18n._('Node'),
    accessorFn: (node) => node.node ?? '',
    cell: ({ row: { original: node } }) => <><ResourceIcon row={node} /> <ResourceLink row={node}>{node.node}</ResourceLink></>,
  },
  { id: 'cpu', header: i18n._('CPU'), accessorFn: (node) => node.cpu ?? -1, cell: ({ row }) => percent(row.original.cpu), numeric: true, width: 90 },
  { id: 'maxcpu', header: i18n._('Cores'), accessorFn: (node) => node.maxcpu ?? '–', numeric: true, width: 80 },
  { id: 'mem', header: i18n._('Memory'), accessorFn: (node) => share(node.mem, node.maxmem), cell: ({ row: { original: node } }) => part(node.mem, node.maxmem), numeric: true, width: 220 },
  { id: 'disk', header: i18n._('Root file system'), accessorFn: (node) => share(node.disk, node.maxdisk), cell: ({ row: { original: node } }) => part(node.disk, node.maxdisk), numeric: true, width: 220 },
  { id: 'uptime', header: i18n._('Uptime'), accessorFn: (node) => node.uptime ?? 0, cell: ({ row }) => duration(row.original.uptime), numeric: true, width: 155 },
]
