// Services of a node's system, and how they are.
import { useMemo } from 'react'
import { useApiAt } from '../../api/hooks'
import { i18n } from '../../i18n'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'
import classes from './node.module.css'

interface Service {
  service: string
  name: string
  desc: string
  state: string
  'active-state'?: string
  'unit-state'?: string
}

const POLL_MS = 15_000

export function Services({ node }: { node: string }) {
  const query = useApiAt<Service[]>('/nodes/{node}/services', { node }, { refetchInterval: POLL_MS })
  const columns = useMemo(() => columnsOf(), [])
  const tone = (row: Service) => (row['active-state'] === 'failed' ? 'bad' : undefined)
  return (
    <Loaded query={query} lines={10}>
      {(rows) => <DataTable label={i18n._('Services')} rows={rows} columns={columns} id={(row) => row.service} tone={tone} searchable empty={i18n._('No services are known')} />}
    </Loaded>
  )
}

function State({ service }: { service: Service }) {
  const failed = service['active-state'] === 'failed'
  return <span className={failed ? classes.bad : service.state === 'running' ? classes.good : undefined}>{service.state}</span>
}

function columnsOf(): Column<Service>[] {
  return [
    { id: 'name', header: i18n._('Name'), accessorFn: (row) => row.name, width: 180 },
    { id: 'state', header: i18n._('Status'), accessorFn: (row) => row.state, cell: ({ row }) => <State service={row.original} />, width: 100 },
    { id: 'active', header: i18n._('Active'), accessorFn: (row) => row['active-state'] ?? '', width: 100 },
    { id: 'unit', header: i18n._('Unit'), accessorFn: (row) => row['unit-state'] ?? '', width: 110 },
    { id: 'desc', header: i18n._('Description'), accessorFn: (row) => row.desc },
  ]
}
