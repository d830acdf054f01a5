// Ways to the views of things.
import { Anchor } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, type ReactNode } from 'react'
import { isGuest, type Resource } from '../../api/resources'
import { searchOf, type Filter } from './search'

type Row = Pick<Resource, 'id' | 'type' | 'node' | 'vmid' | 'storage' | 'pool'>

/** Where a resource's view is. */
function placeOf(row: Row) {
  if (isGuest(row as Resource)) return { to: '/guest/$vmid/$tab', params: { vmid: String(row.vmid), tab: 'summary' } } as const
  if (row.type === 'storage') return { to: '/storage/$node/$storage/$tab', params: { node: row.node ?? '', storage: row.storage ?? '', tab: 'summary' } } as const
  if (row.type === 'pool') return { to: '/pool/$pool/$tab', params: { pool: row.pool ?? row.id.slice('/pool/'.length), tab: 'members' } } as const
  return { to: '/node/$node/$tab', params: { node: row.node ?? '', tab: 'summary' } } as const
}

/** A link to the view of a resource. */
export const ResourceLink = ({ row, children }: { row: Row; children: ReactNode }) => (
  <Anchor component={Link} {...(placeOf(row) as object as { to: '/' })} size="sm" inherit>{children}</Anchor>
)

/** Opens the view of a resource. */
export function useOpen(): (row: Row) => void {
  const navigate = useNavigate()
  return useCallback((row) => void navigate(placeOf(row) as object as { to: '/' }), [navigate])
}

/** A link to the list of what a filter lets through. */
export const SearchLink = ({ filter, children, label }: { filter: Partial<Filter>; children: ReactNode; label?: string }) => (
  <Anchor component={Link} to="/dc/$tab" params={{ tab: 'search' } as never} search={searchOf({ text: '', type: '', state: '', tag: '', pool: '', ...filter }) as never} inherit aria-label={label}>
    {children}
  </Anchor>
)
