import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { useRows } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { ManagedTable, type Action } from './ManagedTable'
import { words } from './names'
import { useReload } from './reload'
import { contentName, StorageForm, typeName } from './StorageForm'
import type { Config } from './storageForm'
import { knows } from './storageTypes'

const text = (config: Config, key: string) => String(config[key] ?? '')
const enabled = (config: Config) => !['1', 'true'].includes(text(config, 'disable'))

/** What is in `storage.cfg`. */
export function StorageList() {
  const query = useApi('/storage', {})
  const storages = useRows('storage')
  const reload = useReload()
  const may = useMay('/storage')('Datastore.Allocate')
  const columns = useMemo(() => {
    const states = new Map<string, string[]>()
    for (const row of storages) states.set(row.storage ?? '', [...(states.get(row.storage ?? '') ?? []), ...(row.status === 'available' ? [row.node ?? ''] : [])])
    return columnsFor((storage) => states.get(storage) ?? [])
  }, [storages])
  const never = !may && i18n._('This needs the privilege Datastore.Allocate')
  const edit = (config?: Config) =>
    openDialog(config ? i18n._('Storage {storage}', { storage: text(config, 'storage') }) : i18n._('Add storage'), (close) => (
      <StorageForm config={config} done={() => { void reload('/storage', '/nodes'); close() }} />
    ))
  const foreign = (config: Config) =>
    !knows(text(config, 'type')) && i18n._('This version does not know storages of type {type}', { type: text(config, 'type') })
  const actions: Action<Config>[] = [
    { label: i18n._('Add'), icon: IconPlus, all: () => edit(), never },
    { label: i18n._('Edit'), icon: IconPencil, one: edit, why: foreign, main: true, never },
    {
      label: i18n._('Remove'),
      icon: IconTrash,
      danger: true,
      never,
      one: (config) =>
        confirm({
          title: i18n._('Remove storage {storage}', { storage: text(config, 'storage') }),
          text: i18n._('Only its entry goes: all files stay where they are. Guests with disks on it cannot start until it is back.'),
          typed: text(config, 'storage'),
          action: i18n._('Remove'),
          run: async () => {
            await call('delete', '/storage/{storage}', { storage: text(config, 'storage') })
            await reload('/storage', '/nodes')
          },
        }),
    },
  ]
  return (
    <ManagedTable
      label={i18n._('Storages')}
      query={{ ...query, data: query.data as Config[] | undefined }}
      columns={columns}
      id={(config) => text(config, 'storage')}
      actions={actions}
      sort={[{ id: 'storage', desc: false }]}
    />
  )
}

function columnsFor(activeOn: (storage: string) => string[]): Column<Config>[] {
  return [
    { id: 'storage', header: i18n._('Name'), accessorFn: (config) => text(config, 'storage'), width: 110, grow: 1 },
    { id: 'type', header: i18n._('Type'), accessorFn: (config) => typeName(text(config, 'type')), width: 100 },
    { id: 'content', header: i18n._('Content'), accessorFn: (config) => words(text(config, 'content')).map(contentName).join(', '), width: 150, grow: 3 },
    { id: 'path', header: i18n._('Where'), accessorFn: (config) => text(config, 'path') || ['server', 'export', 'share', 'vgname', 'thinpool'].map((key) => text(config, key)).filter(Boolean).join(' '), width: 130, grow: 2 },
    { id: 'shared', header: i18n._('Shared'), accessorFn: (config) => (['1', 'true'].includes(text(config, 'shared')) ? i18n._('Yes') : i18n._('No')), width: 70 },
    { id: 'enabled', header: i18n._('Enabled'), accessorFn: (config) => (enabled(config) ? i18n._('Yes') : i18n._('No')), width: 78 },
    {
      id: 'active',
      header: i18n._('Active on'),
      accessorFn: (config) => activeOn(text(config, 'storage')).join(', ') || (enabled(config) ? i18n._('no node') : '–'),
      width: 100,
      grow: 1,
    },
    { id: 'nodes', header: i18n._('Nodes'), accessorFn: (config) => words(text(config, 'nodes')).join(', ') || i18n._('all'), width: 80, grow: 1 },
  ]
}
