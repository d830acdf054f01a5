// Disks of a node: what is on them, how well they are, and what is made of them.
import { SegmentedControl } from '@mantine/core'
import { IconEraser, IconFolderPlus, IconHeartRateMonitor, IconLayoutGridAdd, IconStackPush, IconTablePlus } from '@tabler/icons-react'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { request } from '../../../api/call'
import { useApiAt, useMay } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import { useSession } from '../../../api/session'
import { i18n } from '../../../i18n'
import { bytes } from '../../../lib/format'
import { followInCorner } from '../../../shell/tasks'
import { confirm } from '../../../ui/confirm'
import type { Column } from '../../../ui/DataTable'
import { openDialog } from '../../../ui/dialogs'
import { ManagedTable, type Action } from '../../datacenter/ManagedTable'
import classes from '../node.module.css'
import { changeable, isUnused, wearoutOf, type Disk } from './disks'

const Smart = lazy(() => import('./Smart').then((module) => ({ default: module.Smart })))
const MakeStorage = lazy(() => import('./MakeStorage').then((module) => ({ default: module.MakeStorage })))
const Groups = lazy(() => import('./Lvm').then((module) => ({ default: module.Groups })))
const Pools = lazy(() => import('./Lvm').then((module) => ({ default: module.Pools })))

type Part = 'disks' | 'lvm' | 'lvmthin'
const DISKS = '/nodes/{node}/disks'

export function Disks({ node }: { node: string }) {
  const [part, setPart] = useState<Part>('disks')
  const parts: { value: Part; label: string }[] = [
    { value: 'disks', label: i18n._('Disks') },
    ...(offers(`get ${DISKS}/lvm`) ? [{ value: 'lvm' as const, label: i18n._('Volume groups') }] : []),
    ...(offers(`get ${DISKS}/lvmthin`) ? [{ value: 'lvmthin' as const, label: i18n._('Thin pools') }] : []),
  ]
  const tools = parts.length > 1 && <SegmentedControl aria-label={i18n._('Show')} value={part} onChange={(next) => setPart(next as Part)} data={parts} />
  if (part === 'disks') return <Table node={node} tools={tools} />
  return <Suspense>{part === 'lvm' ? <Groups node={node} tools={tools} /> : <Pools node={node} tools={tools} />}</Suspense>
}

function Table({ node, tools }: { node: string; tools: ReactNode }) {
  const query = useApiAt<Disk[]>('/nodes/{node}/disks/list', { node, 'include-partitions': 1 })
  const columns = useMemo(() => columnsOf(), [])
  const actions = useActions(node)
  return <ManagedTable label={i18n._('Disks')} query={query} columns={columns} id={(row) => row.devpath} actions={actions} empty={i18n._('This node shows no disks')} tools={tools} />
}

function useActions(node: string): Action<Disk>[] {
  const root = useMay('/')
  const own = useMay(`/nodes/${node}`)
  const isRoot = useSession((state) => state.session?.username === 'root@pam')
  const needs = (allowed: boolean, privilege: string) => !allowed && i18n._('You need the privilege {privilege}', { privilege })
  const modify = needs(root('Sys.Modify') || own('Sys.Modify'), 'Sys.Modify')
  const actions: (Action<Disk> | false)[] = [
    {
      label: i18n._('Show S.M.A.R.T. values'), icon: IconHeartRateMonitor, main: true, never: needs(root('Sys.Audit'), 'Sys.Audit'),
      one: (disk) => openDialog(i18n._('Health of {disk}', { disk: disk.devpath }), () => <Suspense><Smart node={node} disk={disk.devpath} /></Suspense>, '64rem'),
      why: (disk) => Boolean(disk.parent) && i18n._('The whole disk has these, not a partition'),
    },
    offers(`post ${DISKS}/initgpt`) && { label: i18n._('Initialize with GPT'), icon: IconTablePlus, never: modify, one: (disk) => initialize(node, disk), why: (disk) => !isUnused(disk) && i18n._('It is in use: {use}', { use: disk.used ?? i18n._('mounted') }) },
    offers(`put ${DISKS}/wipedisk`) && { label: i18n._('Wipe'), icon: IconEraser, danger: true, never: !isRoot && i18n._('Only root@pam may do this'), one: (disk) => wipe(node, disk), why: (disk) => !changeable(disk) && i18n._('It is mounted') },
    offers(`post ${DISKS}/directory`) && make(node, 'directory', i18n._('Create directory'), IconFolderPlus, modify),
    offers(`post ${DISKS}/lvm`) && make(node, 'lvm', i18n._('Create volume group'), IconLayoutGridAdd, modify),
    offers(`post ${DISKS}/lvmthin`) && make(node, 'lvmthin', i18n._('Create thin pool'), IconStackPush, modify),
  ]
  return actions.filter((action) => action !== false)
}

const make = (node: string, kind: 'directory' | 'lvm' | 'lvmthin', label: string, icon: Action<Disk>['icon'], never: Action<Disk>['never']): Action<Disk> => ({
  label, icon, never, all: () => openDialog(label, (close) => <Suspense><MakeStorage node={node} kind={kind} close={close} /></Suspense>, 'md'),
})

async function run(what: string, call: () => Promise<unknown>) {
  const upid = await call()
  if (typeof upid === 'string') followInCorner(what, upid)
}

function initialize(node: string, disk: Disk) {
  const what = i18n._('Initialize {disk} with GPT', { disk: disk.devpath })
  confirm({
    title: what,
    text: i18n._('{disk} ({model}, {size}) gets an empty partition table.', words(disk)),
    action: i18n._('Initialize'),
    run: () => run(what, () => request('post', `${DISKS}/initgpt`, { node, disk: disk.devpath })),
  })
}

function wipe(node: string, disk: Disk) {
  const what = i18n._('Wipe {disk}', { disk: disk.devpath })
  confirm({
    title: what,
    text: i18n._('Everything on {disk} ({model}, {size}) is lost. This cannot be undone.', words(disk)),
    typed: disk.devpath,
    action: i18n._('Wipe'),
    run: () => run(what, () => request('put', `${DISKS}/wipedisk`, { node, disk: disk.devpath })),
  })
}

const words = (disk: Disk) => ({ disk: disk.devpath, model: modelOf(disk) || (disk.type ?? ''), size: bytes(disk.size) })
const modelOf = (disk: Disk) => [disk.vendor, disk.model].filter((part) => part && part !== 'unknown').join(' ')

function Health({ health }: { health: string }) {
  const good = /^(OK|PASSED)$/i.test(health)
  return <span className={good ? classes.good : /fail/i.test(health) ? classes.bad : undefined}>{health}</span>
}

function columnsOf(): Column<Disk>[] {
  return [
    { id: 'device', header: i18n._('Device'), accessorFn: (row) => row.devpath, cell: ({ row: { original } }) => <span>{original.parent ? '└ ' : ''}{original.devpath}</span>, width: 150 },
    { id: 'type', header: i18n._('Type'), accessorFn: (row) => (row.parent ? i18n._('partition') : (row.type ?? '')), width: 90 },
    { id: 'use', header: i18n._('Usage'), accessorFn: (row) => row.used ?? i18n._('No') },
    { id: 'size', header: i18n._('Size'), accessorFn: (row) => row.size, cell: ({ row }) => bytes(row.original.size), numeric: true, width: 90 },
    { id: 'gpt', header: i18n._('GPT'), accessorFn: (row) => (row.gpt ? i18n._('Yes') : i18n._('No')), width: 60 },
    { id: 'mounted', header: i18n._('Mounted'), accessorFn: (row) => (row.mounted ? i18n._('Yes') : i18n._('No')), width: 90 },
    { id: 'model', header: i18n._('Model'), accessorFn: modelOf },
    { id: 'serial', header: i18n._('Serial'), accessorFn: (row) => (row.serial === 'unknown' ? '' : (row.serial ?? '')) },
    { id: 'health', header: i18n._('S.M.A.R.T.'), accessorFn: (row) => row.health ?? '', cell: ({ row }) => <Health health={row.original.health ?? ''} />, width: 100 },
    { id: 'wear', header: i18n._('Life left'), accessorFn: wearoutOf, numeric: true, width: 85 },
  ]
}
