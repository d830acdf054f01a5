// What somebody may do, path by path, whatever it comes from.
import { Select, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { DataTable, type Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Loaded } from '../../ui/parts'

interface Right {
  path: string
  privilege: string
  /** Whether it holds below the path, too. */
  below: boolean
}

/** Rows of what the API answers: privileges by path. */
export function rightsOf(data: unknown): Right[] {
  const paths = data as Record<string, Record<string, number>>
  return Object.entries(paths).flatMap(([path, privileges]) =>
    Object.entries(privileges).map(([privilege, below]) => ({ path, privilege, below: below === 1 })),
  )
}

/** Shows the effective permissions of a user or token. */
export function openPermissions(who: string): void {
  openDialog(i18n._('Effective permissions of {who}', { who }), () => <EffectivePermissions who={who} />, 'xl')
}

function EffectivePermissions({ who }: { who: string }) {
  const query = useApi('/access/permissions', { userid: who })
  const [path, setPath] = useState<string | null>(null)
  const columns = useMemo(() => columnsFor(), [])
  return (
    <Loaded query={query} lines={8}>
      {(data) => {
        const rights = rightsOf(data)
        const paths = [...new Set(rights.map((right) => right.path))].sort()
        const shown = path === null ? rights : rights.filter((right) => right.path === path)
        return (
          <>
            <Text size="sm" className="dim">
              {i18n._('What follows from roles, groups and pools together. {paths, plural, one {# path} other {# paths}}.', { paths: paths.length })}
            </Text>
            <DataTable
              label={i18n._('Effective permissions')}
              rows={shown}
              columns={columns}
              id={(right) => `${right.path}|${right.privilege}`}
              sort={[{ id: 'path', desc: false }]}
              searchable
              height="55vh"
              empty={i18n._('{who} may do nothing', { who })}
              tools={<Select aria-label={i18n._('Path')} placeholder={i18n._('All paths')} data={paths} value={path} onChange={setPath} searchable clearable limit={50} />}
            />
          </>
        )
      }}
    </Loaded>
  )
}

const columnsFor = (): Column<Right>[] => [
  { id: 'path', header: i18n._('Path'), accessorFn: (right) => right.path },
  { id: 'privilege', header: i18n._('Privilege'), accessorFn: (right) => right.privilege },
  { id: 'below', header: i18n._('Propagates'), accessorFn: (right) => (right.below ? i18n._('Yes') : i18n._('No')), width: 110 },
]
