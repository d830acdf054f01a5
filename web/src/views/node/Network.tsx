// Interfaces and bridges of a node.
import { useMemo } from 'react'
import type { Row } from '../../api/call'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'

type Interface = Row<'/nodes/{node}/network'>

export function Network({ node }: { node: string }) {
  const query = useApi('/nodes/{node}/network', { node })
  const columns = useMemo(() => columnsOf(), [])
  return (
    <Loaded query={query} lines={8}>
      {(rows) => <DataTable label={i18n._('Network interfaces')} rows={rows} columns={columns} id={(row) => row.iface} searchable empty={i18n._('This node has no interfaces')} />}
    </Loaded>
  )
}

function typeName(type: string): string {
  switch (type) {
    case 'bridge': return i18n._('Linux bridge')
    case 'bond': return i18n._('Linux bond')
    case 'vlan': return i18n._('Linux VLAN')
    case 'eth': return i18n._('Network device')
    case 'unknown': return i18n._('Unknown')
    default: return type
  }
}

const lines = (...values: (string | undefined)[]) => values.filter(Boolean).join(', ')

function columnsOf(): Column<Interface>[] {
  const yes = (value: unknown) => (value ? i18n._('Yes') : i18n._('No'))
  return [
    { id: 'name', header: i18n._('Name'), accessorFn: (row) => row.iface, width: 130 },
    { id: 'type', header: i18n._('Type'), accessorFn: (row) => typeName(row.type), width: 130 },
    { id: 'active', header: i18n._('Active'), accessorFn: (row) => yes(row.active), width: 80 },
    { id: 'ports', header: i18n._('Ports'), accessorFn: (row) => row.bridge_ports ?? '' },
    { id: 'cidr', header: i18n._('CIDR'), accessorFn: (row) => lines(row.cidr, row.cidr6) },
    { id: 'gateway', header: i18n._('Gateway'), accessorFn: (row) => lines(row.gateway) },
    { id: 'mtu', header: i18n._('MTU'), accessorFn: (row) => row.mtu, numeric: true, width: 80 },
    { id: 'alt', header: i18n._('Alternative names'), accessorFn: (row) => lines(...(row.altnames ?? [])), width: 155 },
  ]
}
