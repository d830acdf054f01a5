// Services of a node's system.
import { useMemo, useState } from 'react'
import { IconPlayerPlay, IconPlayerStop, IconRefresh, IconReload } from '@tabler/icons-react'
import { request } from '../../api/call'
import { useApiAt, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { runTask } from '../../shell/tasks'
import { ActButton } from '../../ui/ActButton'
import { confirm } from '../../ui/confirm'
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
  const [chosen, setChosen] = useState<string | null>(null)
  const columns = useMemo(() => columnsOf(), [])
  const may = useMay(`/nodes/${node}`)('Sys.Modify')
  return (
    <Loaded query={query} lines={10}>
      {(rows) => (
        <DataTable
          label={i18n._('Services')}
          rows={rows}
          columns={columns}
          id={(row) => row.service}
          chosen={chosen}
          onChoose={(row) => setChosen(row?.service ?? null)}
          searchable
          tools={may && <Tools node={node} service={rows.find((row) => row.service === chosen)} />}
          empty={i18n._('No services are known')}
        />
      )}
    </Loaded>
  )
}

function Tools({ node, service }: { node: string; service: Service | undefined }) {
  const why = service ? null : i18n._('Choose a service first')
  const run = (verb: 'start' | 'stop' | 'restart' | 'reload', label: string) => {
    if (!service) return
    const start = () => request('post', '/nodes/{node}/services/{service}/{verb}', { node, service: service.service, verb })
    if (verb === 'stop')
      confirm({
        title: i18n._('Stop {service}', { service: service.name }),
        text: i18n._('{service} stops: {desc}. What needs it stops working.', { service: service.name, desc: service.desc }),
        action: label,
        run: () => runTask(`${service.name}: ${label}`, start),
      })
    else void runTask(`${service.name}: ${label}`, start)
  }
  const running = service?.state === 'running'
  const stopped = service && !running ? i18n._('It is not running') : null
  return (
    <>
      <ActButton icon={IconPlayerPlay} why={why ?? (running ? i18n._('It is running already') : null)} onClick={() => run('start', i18n._('Start'))}>{i18n._('Start')}</ActButton>
      <ActButton icon={IconPlayerStop} why={why ?? stopped} onClick={() => run('stop', i18n._('Stop'))}>{i18n._('Stop')}</ActButton>
      <ActButton icon={IconRefresh} why={why} onClick={() => run('restart', i18n._('Restart'))}>{i18n._('Restart')}</ActButton>
      <ActButton icon={IconReload} why={why ?? stopped} onClick={() => run('reload', i18n._('Reload'))}>{i18n._('Reload')}</ActButton>
    </>
  )
}

function columnsOf(): Column<Service>[] {
  return [
    { id: 'name', header: i18n._('Name'), accessorFn: (row) => row.name, width: 180 },
    { id: 'state', header: i18n._('Status'), accessorFn: (row) => row.state, cell: ({ row: { original } }) => <span className={original.state === 'running' ? classes.good : original['active-state'] === 'failed' ? classes.bad : undefined}>{original.state}</span>, width: 100 },
    { id: 'active', header: i18n._('Active'), accessorFn: (row) => row['active-state'] ?? '', width: 100 },
    { id: 'unit', header: i18n._('Unit'), accessorFn: (row) => row['unit-state'] ?? '', width: 110 },
    { id: 'desc', header: i18n._('Description'), accessorFn: (row) => row.desc },
  ]
}
