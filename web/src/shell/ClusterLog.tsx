// What the nodes tell: logins, beginnings and ends of tasks, and what went wrong.
import { useMemo } from 'react'
import { LOG_ROWS, useLive, type LogRow } from '../api/events'
import { useApiAt } from '../api/hooks'
import { i18n } from '../i18n'
import { moment } from '../lib/format'
import { DataTable, type Column } from '../ui/DataTable'
import { Loaded } from '../ui/parts'
import { parseUpid } from './taskNames'
import { openTask } from './tasks'

const POLL_MS = 6000
/** Priorities of syslog, the gravest first. */
const ERROR = 3
const WARNING = 4

function severity(priority: number): string {
  switch (priority) {
    case 0: return i18n._('panic')
    case 1: return i18n._('alert')
    case 2: return i18n._('critical')
    case 3: return i18n._('error')
    case 4: return i18n._('warning')
    case 5: return i18n._('notice')
    case 6: return i18n._('info')
    case 7: return i18n._('debug')
    default: return String(priority)
  }
}

const tone = (row: LogRow) => (row.pri <= ERROR ? 'bad' : row.pri === WARNING ? 'warn' : undefined)

/** Opens the task that a message tells of. */
function openNamed({ msg }: LogRow) {
  const upid = msg.split(/\s+/).map((word) => word.replace(/:+$/, ':')).find((word) => parseUpid(word) !== null)
  if (upid) openTask(upid)
}

export function ClusterLog({ narrow }: { narrow: boolean }) {
  const live = useLive((state) => state.live)
  const query = useApiAt<LogRow[]>('/cluster/log', { max: LOG_ROWS }, { refetchInterval: live ? false : POLL_MS })
  const columns = useMemo(() => {
    const all: Column<LogRow>[] = [
      { id: 'time', header: i18n._('Time'), accessorFn: (row) => row.time, cell: ({ row }) => moment(row.original.time), width: 205 },
      { id: 'node', header: i18n._('Node'), accessorFn: (row) => row.node, width: 110 },
      { id: 'service', header: i18n._('Service'), accessorFn: (row) => row.tag, width: 110 },
      { id: 'pid', header: i18n._('PID'), accessorFn: (row) => row.pid, width: 80, numeric: true },
      { id: 'user', header: i18n._('User name'), accessorFn: (row) => row.user, width: 150 },
      { id: 'severity', header: i18n._('Severity'), accessorFn: (row) => row.pri, cell: ({ row }) => severity(row.original.pri), width: 90 },
      { id: 'message', header: i18n._('Message'), accessorFn: (row) => row.msg },
    ]
    return narrow ? all.filter((column) => ['time', 'user', 'message'].includes(column.id ?? '')) : all
  }, [narrow])
  return (
    <Loaded query={query}>
      {(rows) => (
        <DataTable label={i18n._('Cluster log')} rows={rows} columns={columns} id={(row) => `${row.node}/${row.uid}/${row.time}`} tone={tone} onOpen={openNamed} empty={i18n._('Nothing was logged yet')} />
      )}
    </Loaded>
  )
}
