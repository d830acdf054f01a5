// Volume groups and thin pools of a node.
import type { ReactNode } from 'react'
import { useApiAt } from '../../../api/hooks'
import { i18n } from '../../../i18n'
import { bytes, percent, share } from '../../../lib/format'
import { DataTable, type Column } from '../../../ui/DataTable'
import { Loaded } from '../../../ui/parts'

interface Group {
  name: string
  size: number
  free: number
  children?: { name: string; size: number; free: number }[]
}

interface Pool {
  lv: string
  vg: string
  lv_size: number
  used: number
  metadata_size: number
  metadata_used: number
}

type Props = { node: string; tools: ReactNode }

export function Groups({ node, tools }: Props) {
  const query = useApiAt<{ children: Group[] }>('/nodes/{node}/disks/lvm', { node })
  const columns: Column<Group>[] = [
    { id: 'name', header: i18n._('Name'), accessorFn: (row) => row.name },
    { id: 'disks', header: i18n._('Disks'), accessorFn: (row) => (row.children ?? []).map((one) => one.name).join(', ') },
    { id: 'size', header: i18n._('Size'), accessorFn: (row) => row.size, cell: ({ row }) => bytes(row.original.size), numeric: true, width: 100 },
    { id: 'free', header: i18n._('Free'), accessorFn: (row) => row.free, cell: ({ row }) => bytes(row.original.free), numeric: true, width: 100 },
    { id: 'used', header: i18n._('Assigned'), accessorFn: (row) => share(row.size - row.free, row.size), cell: ({ getValue }) => percent(Number(getValue())), numeric: true, width: 100 },
  ]
  return (
    <Loaded query={query} lines={6}>
      {({ children }) => <DataTable label={i18n._('Volume groups')} rows={children} columns={columns} id={(row) => row.name} tools={tools} empty={i18n._('This node has no volume groups')} />}
    </Loaded>
  )
}

export function Pools({ node, tools }: Props) {
  const query = useApiAt<Pool[]>('/nodes/{node}/disks/lvmthin', { node })
  const part = (used: number, size: number) => `${percent(share(used, size))} · ${bytes(size)}`
  const columns: Column<Pool>[] = [
    { id: 'name', header: i18n._('Name'), accessorFn: (row) => row.lv },
    { id: 'group', header: i18n._('Volume group'), accessorFn: (row) => row.vg },
    { id: 'used', header: i18n._('Used'), accessorFn: (row) => share(row.used, row.lv_size), cell: ({ row: { original: row } }) => part(row.used, row.lv_size), numeric: true, width: 150 },
    { id: 'metadata', header: i18n._('Metadata used'), accessorFn: (row) => share(row.metadata_used, row.metadata_size), cell: ({ row: { original: row } }) => part(row.metadata_used, row.metadata_size), numeric: true, width: 150 },
  ]
  return (
    <Loaded query={query} lines={6}>
      {(rows) => <DataTable label={i18n._('Thin pools')} rows={rows} columns={columns} id={(row) => `${row.vg}/${row.lv}`} tools={tools} empty={i18n._('This node has no thin pools')} />}
    </Loaded>
  )
}
