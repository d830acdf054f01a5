// Packages of a node: those that have a newer version, and the versions of those that matter most.
import { SegmentedControl } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { useApiAt, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'

interface Package {
  Package: string
  Title?: string
  Version: string
  OldVersion?: string
  Origin?: string
  CurrentState?: string
  RunningKernel?: string
}

type What = 'updates' | 'versions'

export function Updates({ node }: { node: string }) {
  const may = useMay(`/nodes/${node}`)('Sys.Modify')
  const [what, setWhat] = useState<What>('updates')
  const shown: What = may ? what : 'versions'
  const tools = may && (
    <SegmentedControl
      aria-label={i18n._('What to show')}
      value={shown}
      onChange={(value) => setWhat(value as What)}
      data={[{ value: 'updates', label: i18n._('Available updates') }, { value: 'versions', label: i18n._('Package versions') }]}
    />
  )
  return <Packages key={shown} node={node} what={shown} tools={tools} />
}

function Packages({ node, what, tools }: { node: string; what: What; tools: ReactNode }) {
  const query = useApiAt<Package[]>(what === 'updates' ? '/nodes/{node}/apt/update' : '/nodes/{node}/apt/versions', { node })
  const columns = useMemo(() => (what === 'updates' ? updateColumns() : versionColumns()), [what])
  return (
    <Loaded query={query} lines={10}>
      {(rows) => (
        <DataTable
          label={what === 'updates' ? i18n._('Available updates') : i18n._('Package versions')}
          rows={rows}
          columns={columns}
          id={(row) => row.Package}
          searchable
          tools={tools}
          empty={what === 'updates' ? i18n._('No newer versions, as far as the package lists of this node know; “apt update” on the node renews them') : i18n._('No packages are known')}
        />
      )}
    </Loaded>
  )
}

const updateColumns = (): Column<Package>[] => [
  { id: 'package', header: i18n._('Package'), accessorFn: (row) => row.Package, width: 150, grow: 2 },
  { id: 'old', header: i18n._('Installed'), accessorFn: (row) => row.OldVersion ?? '', width: 140, grow: 1 },
  { id: 'new', header: i18n._('New version'), accessorFn: (row) => row.Version, width: 140, grow: 1 },
  { id: 'origin', header: i18n._('Origin'), accessorFn: (row) => row.Origin ?? '', width: 130 },
  { id: 'title', header: i18n._('Description'), accessorFn: (row) => row.Title ?? '', width: 200, grow: 4 },
]

const versionColumns = (): Column<Package>[] => [
  { id: 'package', header: i18n._('Package'), accessorFn: (row) => row.Package },
  { id: 'version', header: i18n._('Installed'), accessorFn: (row) => row.OldVersion || row.Version },
  { id: 'state', header: i18n._('State'), accessorFn: (row) => row.CurrentState ?? '', width: 130 },
  { id: 'kernel', header: i18n._('Running kernel'), accessorFn: (row) => row.RunningKernel ?? '' },
  { id: 'title', header: i18n._('Description'), accessorFn: (row) => row.Title ?? '' },
]
