// Interfaces and bridges of a node.
import { SegmentedControl } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import type { Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { useGuest } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes } from '../../lib/format'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded, ResourceIcon } from '../../ui/parts'
import { ResourceLink } from '../datacenter/links'

type Interface = Row<'/nodes/{node}/network'>
type Traffic = Row<'/nodes/{node}/netstat'>

const TRAFFIC_MS = 5000

export function Network({ node }: { node: string }) {
  const [part, setPart] = useState('links')
  const audits = useMay(`/nodes/${node}`)('Sys.Audit')
  const tools = audits && (
    <SegmentedControl
      aria-label={i18n._('Show')} value={part} onChange={setPart}
      data={[{ value: 'links', label: i18n._('Interfaces') }, { value: 'traffic', label: i18n._('Traffic of guests') }]}
    />
  )
  return part === 'links' ? <Links node={node} tools={tools} /> : <TrafficOfGuests node={node} tools={tools} />
}

type Props = { node: string; tools: ReactNode }

function Links({ node, tools }: Props) {
  const query = useApi('/nodes/{node}/network', { node })
  const columns = useMemo(() => columnsOf(), [])
  return (
    <Loaded query={query} lines={8}>
      {(rows) => <DataTable label={i18n._('Network interfaces')} rows={rows} columns={columns} id={(row) => row.iface} searchable tools={tools} empty={i18n._('This node has no interfaces')} />}
    </Loaded>
  )
}

/** What each card of a guest has sent and received since it was plugged in. */
function TrafficOfGuests({ node, tools }: Props) {
  const query = useApi('/nodes/{node}/netstat', { node }, { refetchInterval: TRAFFIC_MS })
  const columns = useMemo(() => trafficColumns(), [])
  return (
    <Loaded query={query} lines={8}>
      {(rows) => <DataTable label={i18n._('Traffic of guests')} rows={rows} columns={columns} id={(row) => `${row.vmid} ${row.dev}`} searchable tools={tools} empty={i18n._('No running guest has a network card')} />}
    </Loaded>
  )
}

/** A guest by its number; what the user may not see stays one. */
function GuestName({ vmid }: { vmid: string }) {
  const row = useGuest(Number(vmid))
  return row ? <><ResourceIcon row={row} /> <ResourceLink row={row}>{`${vmid} ${row.name ?? ''}`}</ResourceLink></> : vmid
}

function trafficColumns(): Column<Traffic>[] {
  return [
    { id: 'guest', header: i18n._('Guest'), accessorFn: (row) => Number(row.vmid), cell: ({ row }) => <GuestName vmid={row.original.vmid} /> },
    { id: 'card', header: i18n._('Network card'), accessorFn: (row) => row.dev },
    { id: 'in', header: i18n._('Received'), accessorFn: (row) => Number(row.in), cell: ({ getValue }) => bytes(Number(getValue())), numeric: true, width: 130 },
    { id: 'out', header: i18n._('Sent'), accessorFn: (row) => Number(row.out), cell: ({ getValue }) => bytes(Number(getValue())), numeric: true, width: 130 },
  ]
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
