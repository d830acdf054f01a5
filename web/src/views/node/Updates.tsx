// Packages of a node that have a newer version.
import { IconRefresh } from '@tabler/icons-react'
import { useMemo } from 'react'
import { request } from '../../api/call'
import { useApiAt, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { runTask } from '../../shell/tasks'
import { ActButton } from '../../ui/ActButton'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'

interface Update {
  Package: string
  Title?: string
  Description?: string
  Version: string
  OldVersion?: string
  Origin?: string
  Section?: string
}

export function Updates({ node }: { node: string }) {
  const query = useApiAt<Update[]>('/nodes/{node}/apt/update', { node })
  const may = useMay(`/nodes/${node}`)('Sys.Modify')
  const columns = useMemo(() => columnsOf(), [])
  const refresh = () => void runTask(i18n._('Update package database'), () => request('post', '/nodes/{node}/apt/update', { node }))
  return (
    <Loaded query={query} lines={10}>
      {(rows) => (
        <DataTable
          label={i18n._('Updates')}
          rows={rows}
          columns={columns}
          id={(row) => row.Package}
          searchable
          tools={may && <ActButton icon={IconRefresh} onClick={refresh}>{i18n._('Refresh')}</ActButton>}
          empty={i18n._('Everything is up to date, as far as the package lists of this node know')}
        />
      )}
    </Loaded>
  )
}

function columnsOf(): Column<Update>[] {
  return [
    { id: 'package', header: i18n._('Package'), accessorFn: (row) => row.Package },
    { id: 'old', header: i18n._('Installed'), accessorFn: (row) => row.OldVersion ?? '' },
    { id: 'new', header: i18n._('New version'), accessorFn: (row) => row.Version },
    { id: 'origin', header: i18n._('Origin'), accessorFn: (row) => row.Origin ?? '', width: 130 },
    { id: 'title', header: i18n._('Description'), accessorFn: (row) => row.Title ?? '' },
  ]
}
