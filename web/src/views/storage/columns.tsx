// Columns of volumes, by what they are.
import { IconLock } from '@tabler/icons-react'
import type { Row } from '../../api/call'
import type { Resource } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes, moment } from '../../lib/format'
import type { Column } from '../../ui/DataTable'
import { ResourceIcon } from '../../ui/parts'
import { ResourceLink } from '../datacenter/links'
import { fileName } from './files'

export type Volume = Row<'/nodes/{node}/storage/{storage}/content'>

/** What a kind of content is shown with. `guest` finds a guest by its ID. */
export function columnsFor(content: string, guest: (vmid: number) => Resource | undefined, narrow: boolean): Column<Volume>[] {
  const owned = content === 'images' || content === 'rootdir' || content === 'backup'
  const columns: Column<Volume>[] = [
    {
      id: 'name',
      header: i18n._('Name'),
      accessorFn: ({ volid }) => fileName(volid),
      ...(owned && !narrow ? { width: content === 'backup' ? 320 : 250 } : {}),
    },
  ]
  if (owned) columns.push({ id: 'guest', header: i18n._('Guest'), accessorFn: ({ vmid }) => vmid ?? 0, cell: ({ row: { original: { vmid } } }) => <Guest vmid={vmid} row={vmid === undefined ? undefined : guest(vmid)} />, ...(content === 'backup' && { width: 140 }) })
  if (content === 'backup') columns.push({ id: 'notes', header: i18n._('Notes'), accessorFn: ({ notes }) => notes?.split('\n')[0] ?? '' })
  columns.push({ id: 'date', header: i18n._('Date'), accessorFn: ({ ctime }) => ctime ?? 0, cell: ({ row }) => moment(row.original.ctime), width: 205 })
  // The name of a backup tells its format.
  if (content !== 'backup') columns.push({ id: 'format', header: i18n._('Format'), accessorFn: ({ format }) => format, width: 90 })
  columns.push({ id: 'size', header: i18n._('Size'), accessorFn: ({ size }) => size, cell: ({ row }) => bytes(row.original.size), numeric: true, width: 100 })
  if (content === 'images' || content === 'rootdir')
    columns.push({ id: 'used', header: i18n._('Used'), accessorFn: ({ used }) => used ?? -1, cell: ({ row }) => bytes(row.original.used), numeric: true, width: 100 })
  if (content === 'backup')
    columns.push({
      id: 'protected',
      header: i18n._('Protected'),
      accessorFn: (volume) => (volume.protected ? i18n._('Yes') : i18n._('No')),
      cell: ({ row }) => (row.original.protected ? <><IconLock size={14} aria-hidden /> {i18n._('Yes')}</> : i18n._('No')),
      width: 100,
    })
  return columns
}

function Guest({ vmid, row }: { vmid?: number; row?: Resource }) {
  if (vmid === undefined) return null
  if (!row) return <span className="dim">{i18n._('{vmid} (no such guest)', { vmid })}</span>
  return (
    <>
      <ResourceIcon row={row} /> <ResourceLink row={row}>{vmid} {row.name}</ResourceLink>
    </>
  )
}
