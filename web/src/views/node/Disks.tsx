// Disks of a node, with their partitions.
import { useMemo } from 'react'
import { useApiAt } from '../../api/hooks'
import { i18n } from '../../i18n'
import { bytes } from '../../lib/format'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'
import classes from './node.module.css'

interface Disk {
  devpath: string
  size: number
  type?: string
  used?: string
  gpt?: number
  mounted?: number
  model?: string
  serial?: string
  vendor?: string
  wwn?: string
  health?: string
  wearout?: number | string
  parent?: string
}

export function Disks({ node }: { node: string }) {
  const query = useApiAt<Disk[]>('/nodes/{node}/disks/list', { node, 'include-partitions': 1 })
  const columns = useMemo(() => columnsOf(), [])
  return (
    <Loaded query={query} lines={8}>
      {(rows) => <DataTable label={i18n._('Disks')} rows={rows} columns={columns} id={(row) => row.devpath} searchable empty={i18n._('This node shows no disks')} />}
    </Loaded>
  )
}

function Health({ health }: { health: string }) {
  const good = /^(OK|PASSED)$/i.test(health)
  return <span className={good ? classes.good : /fail/i.test(health) ? classes.bad : undefined}>{health}</span>
}

function columnsOf(): Column<Disk>[] {
  return [
    { id: 'device', header: i18n._('Device'), accessorFn: (row) => row.devpath, cell: ({ row: { original } }) => <span>{original.parent ? '└ ' : ''}{original.devpath}</span>, width: 170 },
    { id: 'type', header: i18n._('Type'), accessorFn: (row) => (row.parent ? i18n._('partition') : (row.type ?? '')), width: 100 },
    { id: 'use', header: i18n._('Usage'), accessorFn: (row) => row.used ?? i18n._('No') },
    { id: 'size', header: i18n._('Size'), accessorFn: (row) => row.size, cell: ({ row }) => bytes(row.original.size), numeric: true, width: 100 },
    { id: 'gpt', header: i18n._('GPT'), accessorFn: (row) => (row.gpt ? i18n._('Yes') : i18n._('No')), width: 60 },
    { id: 'mounted', header: i18n._('Mounted'), accessorFn: (row) => (row.mounted ? i18n._('Yes') : i18n._('No')), width: 90 },
    { id: 'model', header: i18n._('Model'), accessorFn: (row) => [row.vendor, row.model].filter((part) => part && part !== 'unknown').join(' ') },
    { id: 'serial', header: i18n._('Serial'), accessorFn: (row) => (row.serial === 'unknown' ? '' : (row.serial ?? '')) },
    { id: 'health', header: i18n._('S.M.A.R.T.'), accessorFn: (row) => row.health ?? '', cell: ({ row }) => <Health health={row.original.health ?? ''} />, width: 100 },
  ]
}
