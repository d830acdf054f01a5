// What was done with a guest.
import { useMemo } from 'react'
import { useApi } from '../../api/hooks'
import type { Row } from '../../api/call'
import type { Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { duration, moment } from '../../lib/format'
import { outcomeOf, taskName } from '../../shell/taskNames'
import { openTask } from '../../shell/tasks'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'
import classes from './tasks.module.css'

type Task = Row<'/nodes/{node}/tasks'>
const MOST = 500

export function Tasks({ guest }: { guest: Guest }) {
  const query = useApi('/nodes/{node}/tasks', { node: guest.node, vmid: guest.vmid, limit: MOST, source: 'all' })
  const columns = useMemo(() => columnsOf(), [])
  return (
    <Loaded query={query} lines={10}>
      {(tasks) => (
        <DataTable
          label={i18n._('Task History')}
          rows={tasks}
          columns={columns}
          id={(task) => task.upid}
          sort={[{ id: 'start', desc: true }]}
          searchable
          onOpen={(task) => openTask(task.upid)}
          empty={i18n._('Nothing has been done with this guest yet')}
        />
      )}
    </Loaded>
  )
}

function columnsOf(): Column<Task>[] {
  return [
    { id: 'start', header: i18n._('Start time'), accessorFn: (task) => task.starttime, cell: ({ row }) => moment(row.original.starttime), width: 205 },
    { id: 'task', header: i18n._('Task'), accessorFn: (task) => taskName(task.type, task.id) },
    { id: 'user', header: i18n._('User name'), accessorFn: (task) => (task.tokenid ? `${task.user}!${task.tokenid}` : task.user), width: 160 },
    { id: 'took', header: i18n._('Duration'), accessorFn: (task) => (task.endtime ?? Number.POSITIVE_INFINITY) - task.starttime, cell: ({ row: { original: task } }) => (task.endtime ? duration(task.endtime - task.starttime) : '–'), width: 100, numeric: true },
    { id: 'status', header: i18n._('Status'), accessorFn: (task) => task.status ?? '', cell: ({ row }) => <Outcome task={row.original} /> },
  ]
}

function Outcome({ task }: { task: Task }) {
  const outcome = outcomeOf(task)
  return <span className={classes[outcome]}>{outcome === 'running' ? i18n._('running') : task.status}</span>
}
