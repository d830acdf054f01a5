// Fields that choose something that there is: users, groups, roles, nodes, paths.
import { Autocomplete, MultiSelect, Select, type AutocompleteProps, type MultiSelectProps, type SelectProps } from '@mantine/core'
import { useMemo } from 'react'
import { useApi } from '../../api/hooks'
import { useNodes, useResources } from '../../api/resources'
import { i18n } from '../../i18n'

/** Long lists are searched, not scrolled. */
const SHOWN = 50

const chooser = { searchable: true, limit: SHOWN, nothingFoundMessage: '–' } as const

/** A user. */
export function UserSelect(props: SelectProps) {
  const { data = [] } = useApi('/access/users', {})
  return <Select {...chooser} label={i18n._('User')} data={data.map((user) => user.userid)} {...props} />
}

/** An API token of any user. */
export function TokenSelect(props: SelectProps) {
  const { data = [] } = useApi('/access/users', { full: 1 })
  const tokens = data.flatMap((user) => (user.tokens ?? []).map((token) => `${user.userid}!${token.tokenid}`))
  return <Select {...chooser} label={i18n._('API token')} data={tokens} {...props} />
}

/** A group. */
export function GroupSelect(props: SelectProps) {
  const { data = [] } = useApi('/access/groups', {})
  return <Select {...chooser} label={i18n._('Group')} data={data.map((group) => group.groupid)} {...props} />
}

/** Any number of groups. */
export function GroupsSelect(props: MultiSelectProps) {
  const { data = [] } = useApi('/access/groups', {})
  return <MultiSelect {...chooser} label={i18n._('Groups')} clearable data={data.map((group) => group.groupid)} {...props} />
}

/** A role. */
export function RoleSelect(props: SelectProps) {
  const { data = [] } = useApi('/access/roles', {})
  return <Select {...chooser} label={i18n._('Role')} data={data.map((role) => role.roleid)} {...props} />
}

/** Any number of nodes; none means all. */
export function NodesSelect(props: MultiSelectProps) {
  const nodes = useNodes()
  return (
    <MultiSelect
      {...chooser}
      label={i18n._('Nodes')}
      placeholder={(props.value?.length ?? 0) > 0 ? undefined : i18n._('All nodes')}
      clearable
      data={nodes.map((row) => row.node ?? '')}
      {...props}
    />
  )
}

const AREAS = ['/', '/access', '/access/groups', '/access/realm', '/mapping', '/nodes', '/pool', '/sdn/zones', '/storage', '/vms']

/** A path of access control, with what there is as suggestions. */
export function PathField(props: AutocompleteProps) {
  const rows = useResources((state) => state.rows)
  const data = useMemo(() => {
    const paths = new Set(AREAS)
    for (const row of rows.values()) {
      if (row.vmid !== undefined) paths.add(`/vms/${row.vmid}`)
      else if (row.type === 'storage') paths.add(`/storage/${row.storage}`)
      else if (row.type === 'node') paths.add(`/nodes/${row.node}`)
      else if (row.type === 'pool' && row.pool) paths.add(`/pool/${row.pool}`)
    }
    return [...paths]
  }, [rows])
  return <Autocomplete label={i18n._('Path')} limit={SHOWN} data={data} placeholder="/vms/100" spellCheck={false} {...props} />
}
