import { Checkbox, MultiSelect } from '@mantine/core'
import { IconArrowRight, IconDatabase, IconDeviceDesktop, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call } from '../../api/call'
import { useMay } from '../../api/hooks'
import { useGuests, useResources, useRows, type Resource } from '../../api/resources'
import { i18n } from '../../i18n'
import { percent } from '../../lib/format'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { ResourceIcon, stateName } from '../../ui/parts'
import { ResourceLink, useOpen } from '../datacenter/links'
import { ManagedTable } from '../datacenter/ManagedTable'
import { useReload } from '../datacenter/reload'
import { usePool, type Member } from './usePool'

/** A member with its live row, if the user may see it. */
interface Shown {
  member: Member
  row?: Resource
}

export function Members({ pool }: { pool: string }) {
  const query = usePool(pool)
  const rows = useResources((state) => state.rows)
  const reload = useReload()
  const open = useOpen()
  const may = useMay(`/pool/${pool}`)('Pool.Allocate')
  const columns = useMemo(() => columnsFor(), [])
  const { data: found } = query
  const data = useMemo(() => found?.members.map((member): Shown => ({ member, row: rows.get(member.id) })), [found, rows])
  const never = !may && i18n._('This needs the privilege Pool.Allocate')
  const changed = () => reload('/pools')
  const add = (kind: 'guests' | 'storages') =>
    openDialog(kind === 'guests' ? i18n._('Add guests') : i18n._('Add storages'), (close) => {
      const Body = kind === 'guests' ? AddGuests : AddStorages
      return <Body pool={pool} done={() => { void changed(); close() }} />
    })
  const remove = ({ member, row }: Shown) =>
    confirm({
      title: i18n._('Take out of pool {pool}', { pool }),
      text: i18n._('{name} leaves the pool; nothing else happens to it. Permissions by the pool no longer hold for it.', { name: nameOf(member, row) }),
      action: i18n._('Remove'),
      run: async () => {
        await call('put', '/pools', { poolid: pool, delete: 1, ...(member.vmid === undefined ? { storage: member.storage ?? '' } : { vms: String(member.vmid) }) })
        await changed()
      },
    })
  return (
    <ManagedTable
      label={i18n._('Members')}
      query={{ ...query, data }}
      columns={columns}
      id={({ member }) => member.id}
      sort={[{ id: 'id', desc: false }]}
      empty={i18n._('No members yet: add guests and storages')}
      actions={[
        { label: i18n._('Add guests'), icon: IconDeviceDesktop, all: () => add('guests'), never },
        { label: i18n._('Add storages'), icon: IconDatabase, all: () => add('storages'), never },
        { label: i18n._('Open'), icon: IconArrowRight, one: ({ member }) => open(member as Resource), main: true },
        { label: i18n._('Remove'), icon: IconTrash, one: remove, danger: true, never },
      ]}
    />
  )
}

const nameOf = (member: Member, row?: Resource) => (member.vmid === undefined ? (member.storage ?? member.id) : `${member.vmid} ${row?.name ?? ''}`.trim())

const columnsFor = (): Column<Shown>[] => [
  {
    id: 'id',
    header: i18n._('Member'),
    accessorFn: ({ member, row }) => nameOf(member, row),
    cell: ({ row: { original: { member, row } } }) => (
      <>
        <ResourceIcon row={row ?? { type: member.type }} /> <ResourceLink row={member}>{nameOf(member, row)}</ResourceLink>
      </>
    ),
  },
  { id: 'type', header: i18n._('Type'), accessorFn: ({ member }) => typeName(member.type), width: 150 },
  { id: 'node', header: i18n._('Node'), accessorFn: ({ member }) => member.node, width: 120 },
  { id: 'state', header: i18n._('State'), accessorFn: ({ row }) => (row ? stateName(row) : ''), width: 110 },
  { id: 'cpu', header: i18n._('CPU'), accessorFn: ({ row }) => (row?.status === 'running' ? (row.cpu ?? null) : null), cell: ({ getValue }) => (getValue() === null ? '' : percent(Number(getValue()))), numeric: true, width: 80 },
]

function typeName(type: string): string {
  switch (type) {
    case 'qemu': return i18n._('Virtual machine')
    case 'lxc': return i18n._('Container')
    default: return i18n._('Storage')
  }
}

function AddGuests({ pool, done }: { pool: string; done: () => void }) {
  const guests = useGuests()
  const others = guests.filter((guest) => guest.pool !== pool)
  return (
    <Form
      initial={{ vms: [] as string[], move: false }}
      validate={({ vms, move }) => {
        if (vms.length === 0) return { vms: i18n._('Choose at least one guest') }
        const taken = others.find((guest) => vms.includes(String(guest.vmid)) && guest.pool)
        return taken && !move ? { move: i18n._('{vmid} is in pool {pool}: allow that it is moved', { vmid: taken.vmid, pool: taken.pool ?? '' }) } : {}
      }}
      submit={({ vms, move }) => call('put', '/pools', { poolid: pool, vms: vms.join(','), 'allow-move': move ? 1 : 0 })}
      fieldOf={(name) => (name === 'allow-move' ? 'move' : name)}
      action={i18n._('Add')}
      done={done}
    >
      {(form) => (
        <>
          <MultiSelect
            label={i18n._('Guests')}
            searchable
            limit={50}
            data-autofocus
            data={others.map((guest) => ({ value: String(guest.vmid), label: `${guest.vmid} ${guest.name ?? ''}${guest.pool ? ` (${guest.pool})` : ''}` }))}
            {...form.getInputProps('vms')}
          />
          <Checkbox label={i18n._('Move guests that are in another pool')} {...form.getInputProps('move', { type: 'checkbox' })} />
        </>
      )}
    </Form>
  )
}

function AddStorages({ pool, done }: { pool: string; done: () => void }) {
  const { data } = usePool(pool)
  const rows = useRows('storage')
  const taken = new Set(data?.members.map((member) => member.storage))
  const names = [...new Set(rows.map((row) => row.storage ?? ''))].filter((name) => !taken.has(name))
  return (
    <Form
      initial={{ storage: [] as string[] }}
      validate={({ storage }) => (storage.length === 0 ? { storage: i18n._('Choose at least one storage') } : {})}
      submit={({ storage }) => call('put', '/pools', { poolid: pool, storage: storage.join(',') })}
      action={i18n._('Add')}
      done={done}
    >
      {(form) => <MultiSelect label={i18n._('Storages')} searchable data-autofocus data={names} {...form.getInputProps('storage')} />}
    </Form>
  )
}
