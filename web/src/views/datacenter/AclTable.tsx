// Who has which role where: of everything, or of one thing with what it inherits.
import { Checkbox, SegmentedControl } from '@mantine/core'
import { IconKey, IconPlus, IconTrash, IconUser, IconUsers } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call, type Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { useResources } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { GroupSelect, PathField, RoleSelect, TokenSelect, UserSelect } from './fields'
import { ManagedTable } from './ManagedTable'
import { aclPath, pathsAbove } from './names'
import { useReload } from './reload'

type Entry = Row<'/access/acl'>
type Kind = 'user' | 'group' | 'token'

const ICONS = { user: IconUser, group: IconUsers, token: IconKey } as const
const PARAMETER = { user: 'users', group: 'groups', token: 'tokens' } as const

/** What a kind of holder is called. */
function kindName(kind: string): string {
  switch (kind) {
    case 'group': return i18n._('Group')
    case 'token': return i18n._('API token')
    default: return i18n._('User')
  }
}

/** The entries of a path and those above that hold there; all of them when no path is given. */
export function entriesOf(entries: readonly Entry[], path: string | undefined, pool?: string): readonly Entry[] {
  if (path === undefined) return entries
  const above = new Set(pathsAbove(path))
  if (pool !== undefined) for (const one of [`/pool/${pool}`, ...pathsAbove(`/pool/${pool}`)]) above.add(one)
  return entries.filter((entry) => entry.path === path || (entry.propagate === 1 && above.has(entry.path)))
}

const entryId = (entry: Entry) => [entry.path, entry.type, entry.ugid, entry.roleid].join('|')

/** Access control entries. With a `path` (`/vms/100`): those that hold there, and new ones are for it. */
export function AclTable({ path }: { path?: string }) {
  const reload = useReload()
  const acl = useApi('/access/acl', {})
  const pool = useResources((state) => {
    const id = path?.match(/^\/vms\/(\d+)$/)?.[1]
    return id === undefined ? undefined : (state.rows.get(`qemu/${id}`) ?? state.rows.get(`lxc/${id}`))?.pool
  })
  const may = useMayShare(path ?? '/')
  const all = useMay('/access')('Sys.Audit')
  const data = useMemo(() => acl.data && entriesOf(acl.data, path, pool), [acl.data, path, pool])
  const columns = useMemo(() => columnsFor(path), [path])
  const add = () =>
    openDialog(i18n._('Add permission'), (close) => (
      <Add path={path} done={() => { void reload('/access'); close() }} />
    ), 'md')
  const remove = (entry: Entry) =>
    confirm({
      title: i18n._('Remove permission'),
      text: i18n._('{who} loses role {role} on {path}.', { who: entry.ugid, role: entry.roleid, path: entry.path }),
      action: i18n._('Remove'),
      run: async () => {
        await call('put', '/access/acl', { path: entry.path, roles: entry.roleid, [PARAMETER[entry.type as Kind]]: entry.ugid, delete: 1 })
        await reload('/access')
      },
    })
  const never = !may && i18n._('This needs the privilege Permissions.Modify')
  return (
    <ManagedTable
      label={i18n._('Permissions')}
      query={{ ...acl, data }}
      columns={columns}
      id={entryId}
      sort={[{ id: 'path', desc: false }]}
      // Who may neither look at all entries nor give roles here sees an empty list, whatever is in it.
      empty={may || all ? i18n._('Nobody has been given a role here') : i18n._('No entries that you may see')}
      actions={[
        { label: i18n._('Add'), icon: IconPlus, all: add, never },
        {
          label: i18n._('Remove'),
          icon: IconTrash,
          one: remove,
          danger: true,
          never,
          why: (entry) => path !== undefined && entry.path !== path && i18n._('Inherited: remove it at {path}', { path: entry.path }),
        },
      ]}
    />
  )
}

/** Whether the user may give and take roles on a path. */
function useMayShare(path: string): boolean {
  const may = useMay(path)
  const own = { storage: 'Datastore.Allocate', vms: 'VM.Allocate', pool: 'Pool.Allocate' } as const
  const [, area, name] = path.split('/')
  return may('Permissions.Modify') || (Boolean(name) && area !== undefined && area in own && may(own[area as keyof typeof own]))
}

function columnsFor(path: string | undefined): Column<Entry>[] {
  return [
    {
      id: 'path',
      header: i18n._('Path'),
      accessorFn: (entry) => entry.path,
      cell: ({ row: { original: entry } }) => (
        <>
          {entry.path} {path !== undefined && entry.path !== path && <span className="dim">({i18n._('inherited')})</span>}
        </>
      ),
    },
    {
      id: 'ugid',
      header: i18n._('User, group or token'),
      accessorFn: (entry) => entry.ugid,
      cell: ({ row: { original: entry } }) => {
        const Shape = ICONS[entry.type as Kind] ?? IconUser
        return (
          <>
            <Shape size={14} stroke={1.6} role="img" aria-label={kindName(entry.type)} /> {entry.ugid}
          </>
        )
      },
    },
    { id: 'role', header: i18n._('Role'), accessorFn: (entry) => entry.roleid, width: 220 },
    {
      id: 'propagate',
      header: i18n._('Propagate'),
      accessorFn: (entry) => (entry.propagate ? i18n._('Yes') : i18n._('No')),
      width: 100,
    },
  ]
}

/** Asks whom to give which role. */
function Add({ path, done }: { path?: string; done: () => void }) {
  return (
    <Form
      initial={{ path: path ?? '', kind: 'user' as Kind, who: null as string | null, roles: null as string | null, propagate: true }}
      validate={(values) => ({
        ...(aclPath(values.path) === null && { path: i18n._('There is no such path. Examples: /, /vms/100, /storage/local, /pool/name') }),
        ...(values.path === '' && { path: i18n._('Give a path') }),
        ...(!values.who && { who: i18n._('Choose who gets the role') }),
        ...(!values.roles && { roles: i18n._('Choose a role') }),
      })}
      fieldOf={(name) => (['users', 'groups', 'tokens'].includes(name) ? 'who' : name)}
      submit={({ path: where, kind, who, roles, propagate }) =>
        call('put', '/access/acl', {
          path: aclPath(where) ?? where,
          roles: roles ?? '',
          [PARAMETER[kind]]: who,
          propagate: propagate ? 1 : 0,
        })}
      action={i18n._('Add')}
      done={done}
    >
      {(form) => {
        const Who = { user: UserSelect, group: GroupSelect, token: TokenSelect }[form.values.kind]
        return (
          <>
            {path === undefined && <PathField data-autofocus {...form.getInputProps('path')} />}
            <SegmentedControl
              aria-label={i18n._('For whom')}
              data={(['user', 'group', 'token'] as const).map((value) => ({ value, label: kindName(value) }))}
              value={form.values.kind}
              onChange={(kind) => form.setValues({ kind: kind as Kind, who: null })}
            />
            <Who {...form.getInputProps('who')} />
            <RoleSelect {...form.getInputProps('roles')} />
            <Checkbox label={i18n._('Propagate: it holds below the path, too')} {...form.getInputProps('propagate', { type: 'checkbox' })} />
          </>
        )
      }}
    </Form>
  )
}
