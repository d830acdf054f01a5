// The tasks of all nodes as a table that follows them.
import { Loader } from '@mantine/core'
import { useMemo } from 'react'
import { useLive, type TaskRow } from '../api/events'
import { useApi } from '../api/hooks'
import { i18n } from '../i18n'
import { duration, moment } from '../lib/format'
import { DataTable, type Column } from '../ui/DataTable'
import { Loaded } from '../ui/parts'
import { outcomeOf, taskName } from './taskNames'
import { openTask } from './tasks'
import classes from './BottomPanel.module.css'

/** How often the list is read while nothing tells of its changes. */
const POLL_MS = 4000

/** Running and lately ended tasks. */
export function useTasks() {
  const live = useLive((state) => state.live)
  return useApi('/cluster/tasks', {}, { refetchInterval: live ? false : POLL_MS })
}

/** How many tasks run now. */
export const useRunning = () => useTasks().data?.filter((task) => outcomeOf(task) === 'running').length ?? 0

/** How a task stands, as lists show it. */
export function TaskState({ task }: { task: Pick<TaskRow, 'status' | 'endtime'> }) {
  const outcome = outcomeOf(task)
  if (outcome === 'running') return <span className={classes.state}><Loader size={12} aria-hidden /> {i18n._('running')}</span>
  return <span className={classes.state} data-outcome={outcome}>{outcome === 'error' ? i18n._('Error: {text}', { text: task.status || i18n._('unknown') }) : task.status}</span>
}

export const userOf = (task: Pick<TaskRow, 'user' | 'tokenid'>) => (task.tokenid ? `${task.user}!${task.tokenid}` : task.user)

export function taskColumns(withNode: boolean): Column<TaskRow>[] {
  const node: Column<TaskRow>[] = withNode ? [{ id: 'node', header: i18n._('Node'), accessorFn: (task) => task.node, width: 110 }] : []
  return [
    { id: 'start', header: i18n._('Start time'), accessorFn: (task) => task.starttime, cell: ({ row }) => moment(row.original.starttime), width: 205 },
    {
      id: 'end', header: i18n._('End time'), accessorFn: (task) => task.endtime ?? Number.MAX_SAFE_INTEGER, width: 205,
      cell: ({ row: { original: task } }) => (task.endtime ? <span title={duration(task.endtime - task.starttime)}>{moment(task.endtime)}</span> : '–'),
    },
    ...node,
    { id: 'user', header: i18n._('User name'), accessorFn: userOf, width: 150 },
    { id: 'task', header: i18n._('Description'), accessorFn: (task) => taskName(task.type, task.id) },
    { id: 'status', header: i18n._('Status'), accessorFn: (task) => task.status ?? '', cell: ({ row }) => <TaskState task={row.original} /> },
  ]
}

/** Rows of failed tasks stand out. */
export function taskTone(task: TaskRow) {
  const outcome = outcomeOf(task)
  return outcome === 'error' ? 'bad' : outcome === 'warning' ? 'warn' : undefined
}

/** The columns that a card has room for, first what it is about. */
export const cardColumns = (all: Column<TaskRow>[]) =>
  ['task', 'status', 'start', 'user'].map((id) => all.find((column) => column.id === id)).filter((column) => column !== undefined)

export function TaskTable({ narrow }: { narrow: boolean }) {
  const query = useTasks()
  const columns = useMemo(() => {
    const all = taskColumns(true)
    return narrow ? cardColumns(all) : all
  }, [narrow])
  return (
    <Loaded query={query}>
      {(tasks) => (
        <DataTable
          label={i18n._('Tasks')}
          rows={tasks}
          columns={columns}
          id={(task) => task.upid}
          onOpen={(task) => openTask(task.upid)}
          tone={taskTone}
          empty={i18n._('Nothing has been done yet')}
        />
      )}
    </Loaded>
  )
}
