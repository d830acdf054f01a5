import { TextInput } from '@mantine/core'
import { IconArrowRight, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { call, type Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { useResources } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { ManagedTable } from './ManagedTable'
import { isPoolName } from './names'
import { useReload } from './reload'

type Pool = Row<'/pools'>

export function Pools() {
  const pools = useApi('/pools', {})
  const reload = useReload()
  const navigate = useNavigate()
  const may = useMay('/pool')('Pool.Allocate')
  const rows = useResources((state) => state.rows)
  const columns = useMemo(() => {
    const guests = new Map<string, number>()
    for (const row of rows.values()) if (row.vmid !== undefined && row.pool) guests.set(row.pool, (guests.get(row.pool) ?? 0) + 1)
    return columnsFor((pool) => guests.get(pool) ?? 0)
  }, [rows])
  const never = !may && i18n._('This needs the privilege Pool.Allocate')
  const edit = (pool?: Pool) =>
    openDialog(pool ? i18n._('Pool {pool}', { pool: pool.poolid }) : i18n._('Add pool'), (close) => (
      <PoolForm pool={pool} done={() => { void reload('/pools'); close() }} />
    ), 'md')
  return (
    <ManagedTable
      label={i18n._('Pools')}
      query={pools}
      columns={columns}
      id={(pool) => pool.poolid}
      sort={[{ id: 'poolid', desc: false }]}
      empty={i18n._('No pools yet: a pool is a set of guests and storages that permissions are given on at once')}
      actions={[
        { label: i18n._('Add'), icon: IconPlus, all: () => edit(), never },
        { label: i18n._('Open'), icon: IconArrowRight, main: true, one: (pool) => void navigate({ to: '/pool/$pool/$tab', params: { pool: pool.poolid, tab: 'members' } }) },
        { label: i18n._('Edit'), icon: IconPencil, one: edit, never },
        {
          label: i18n._('Remove'),
          icon: IconTrash,
          danger: true,
          never,
          one: (pool) =>
            confirm({
              title: i18n._('Remove pool {pool}', { pool: pool.poolid }),
              text: i18n._('Only an empty pool can be removed; permissions on it go with it.'),
              action: i18n._('Remove'),
              run: async () => {
                await call('delete', '/pools', { poolid: pool.poolid })
                await reload('/pools', '/access')
              },
            }),
        },
      ]}
    />
  )
}

const columnsFor = (guests: (pool: string) => number): Column<Pool>[] => [
  { id: 'poolid', header: i18n._('Pool'), accessorFn: (pool) => pool.poolid },
  { id: 'comment', header: i18n._('Comment'), accessorFn: (pool) => pool.comment ?? '' },
  { id: 'guests', header: i18n._('Guests'), accessorFn: (pool) => guests(pool.poolid), numeric: true, width: 90 },
]

/** Name and comment of a pool; only the comment can change later. */
export function PoolForm({ pool, done }: { pool?: Pick<Pool, 'poolid' | 'comment'>; done: () => void }) {
  return (
    <Form
      initial={{ poolid: pool?.poolid ?? '', comment: pool?.comment ?? '' }}
      validate={(values) =>
        isPoolName(values.poolid) ? {} : { poolid: i18n._('Letters, digits, dots, dashes and underscores; slashes for at most three levels') }}
      submit={(values) => (pool ? call('put', '/pools', values) : call('post', '/pools', values))}
      action={pool ? i18n._('Save') : i18n._('Add')}
      done={done}
    >
      {(form) => (
        <>
          {!pool && <TextInput label={i18n._('Name')} placeholder="team/project" data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('poolid')} />}
          <TextInput label={i18n._('Comment')} {...form.getInputProps('comment')} />
        </>
      )}
    </Form>
  )
}
