// What was done on a node; older tasks are loaded when they are asked for.
import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { cardColumns, taskColumns, taskTone } from '../../shell/TaskTable'
import { openTask } from '../../shell/tasks'
import { DataTable, NARROW } from '../../ui/DataTable'
import { Problem } from '../../ui/parts'
import classes from './node.module.css'

const STEP = 250

export function TaskHistory({ node }: { node: string }) {
  const [user, setUser] = useState('')
  const [type, setType] = useState('')
  const [only, setOnly] = useState<'all' | 'active' | 'errors'>('all')
  const [limit, setLimit] = useState(STEP)
  const [filter] = useDebouncedValue({ user, type }, 250)
  const { data, error, isFetching } = useApi('/nodes/{node}/tasks', {
    node,
    limit,
    source: only === 'active' ? 'active' : only === 'errors' ? 'archive' : 'all',
    ...(only === 'errors' ? { errors: 1 } : {}),
    ...(filter.user ? { userfilter: filter.user } : {}),
    ...(filter.type ? { typefilter: filter.type } : {}),
  }, { placeholderData: (before) => before })
  const narrow = useMediaQuery(NARROW) ?? false
  const columns = useMemo(() => (narrow ? cardColumns(taskColumns(false)) : taskColumns(false)), [narrow])
  if (error && !data) return <Problem error={error} />
  return (
    <div className={classes.fill}>
      <div className={classes.tools}>
        <SegmentedControl
          aria-label={i18n._('Which tasks')}
          value={only}
          onChange={(value) => setOnly(value as typeof only)}
          data={[{ value: 'all', label: i18n._('All') }, { value: 'active', label: i18n._('Running') }, { value: 'errors', label: i18n._('Failed') }]}
        />
        <TextInput aria-label={i18n._('User name')} placeholder={i18n._('User name')} value={user} onChange={(event) => setUser(event.currentTarget.value)} />
        <TextInput aria-label={i18n._('Task type')} placeholder={i18n._('Task type')} value={type} onChange={(event) => setType(event.currentTarget.value)} />
        {data && data.length >= limit && <Button variant="default" loading={isFetching} onClick={() => setLimit(limit + STEP)}>{i18n._('Load older ones')}</Button>}
      </div>
      <DataTable
        label={i18n._('Task History')}
        rows={data ?? NONE}
        columns={columns}
        id={(task) => task.upid}
        onOpen={(task) => openTask(task.upid)}
        tone={taskTone}
        empty={data ? i18n._('No such task') : i18n._('Loading…')}
      />
    </div>
  )
}

const NONE: never[] = []
