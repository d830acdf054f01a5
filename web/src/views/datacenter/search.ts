// Finding resources: what a filter of the address means.
import { isGuest, type Resource } from '../../api/resources'
import { guestState, GUEST_STATES, type GuestState } from './health'
import { words } from './names'

export interface Filter {
  text: string
  /** `guest`, `qemu`, `lxc`, `node`, `storage`, or `''` for all. */
  type: string
  state: string
  tag: string
  pool: string
}

export const NO_FILTER: Filter = { text: '', type: '', state: '', tag: '', pool: '' }

/** The filter that an address names; what makes no sense there is nothing. */
export function filterOf(search: Record<string, unknown>): Filter {
  const text = (key: keyof Filter) => (typeof search[key] === 'string' || typeof search[key] === 'number' ? String(search[key]) : '')
  return { text: text('text'), type: text('type'), state: text('state'), tag: text('tag'), pool: text('pool') }
}

/** The address's part for a filter: only what is set. */
export const searchOf = (filter: Filter): Partial<Filter> => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))

/** State of any row as the filter names it. */
export function stateName(row: Resource): GuestState | 'online' | 'offline' | 'active' | 'inactive' | '' {
  if (isGuest(row)) return guestState(row)
  if (row.type === 'pool') return ''
  if (row.type === 'node') return row.status === 'online' ? 'online' : 'offline'
  return row.status === 'available' ? 'active' : 'inactive'
}

export const STATES = [...GUEST_STATES, 'online', 'offline', 'active', 'inactive'] as const

export const tagsOf = (row: Resource): string[] => words(row.tags)

/** Rows that a filter lets through. All words of the text must be there somewhere. */
export function matching<T extends Resource>(rows: readonly T[], filter: Filter): T[] {
  const wanted = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  return rows.filter((row) => {
    if (filter.type !== '' && !(filter.type === 'guest' ? isGuest(row) : row.type === filter.type)) return false
    if (filter.state !== '' && stateName(row) !== filter.state) return false
    if (filter.tag !== '' && !tagsOf(row).includes(filter.tag)) return false
    if (filter.pool !== '' && row.pool !== filter.pool) return false
    if (wanted.length === 0) return true
    const about = `${row.id} ${row.name ?? ''} ${row.node ?? ''} ${row.tags ?? ''} ${row.pool ?? ''} ${row.storage ?? ''} ${row.status ?? ''}`.toLowerCase()
    return wanted.every((word) => about.includes(word))
  })
}
