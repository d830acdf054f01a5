// Ways to the views of things.
import { Anchor } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, type MouseEvent, type ReactNode } from 'react'
import { isGuest, type Resource } from '../../api/resources'
import { searchOf, type Filter } from './search'
import classes from './datacenter.module.css'

type Row = Pick<Resource, 'id' | 'type' | 'node' | 'vmid' | 'storage' | 'pool'>

/** Where a resource's view is. */
function addressOf(row: Row): string {
  const of = encodeURIComponent
  if (isGuest(row as Resource)) return `/guest/${row.vmid}/summary`
  if (row.type === 'storage') return `/storage/${of(row.node ?? '')}/${of(row.storage ?? '')}/summary`
  if (row.type === 'pool') return `/pool/${of(row.pool ?? row.id.slice('/pool/'.length))}/members`
  return `/node/${of(row.node ?? '')}/summary`
}

/** A link to the view of a resource. It is the browser's own: the router's in each of many rows makes scrolling slow. */
export function ResourceLink({ row, children }: { row: Row; children: ReactNode }) {
  const open = useOpen()
  const follow = (event: MouseEvent) => {
    // With a key held down it is the browser's: a new tab, a new window, a download.
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    open(row)
  }
  return <a href={addressOf(row)} className={classes.link} onClick={follow}>{children}</a>
}

/** Opens the view of a resource. */
export function useOpen(): (row: Row) => void {
  const navigate = useNavigate()
  return useCallback((row) => void navigate({ to: addressOf(row) as '/' }), [navigate])
}

/** A link to the list of what a filter lets through. */
export const SearchLink = ({ filter, children, label }: { filter: Partial<Filter>; children: ReactNode; label?: string }) => (
  <Anchor component={Link} to="/dc/$tab" params={{ tab: 'search' } as never} search={searchOf({ text: '', type: '', state: '', tag: '', pool: '', ...filter }) as never} inherit aria-label={label}>
    {children}
  </Anchor>
)
