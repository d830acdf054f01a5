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

/** What a row is found by. Rows are never changed, so it is made once for each. */
const about = new WeakMap<Resource, string>()

function aboutOf(row: Resource): string {
  let text = about.get(row)
  if (text === undefined) {
    text = `${row.id} ${row.name ?? ''} ${row.node ?? ''} ${row.tags ?? ''} ${row.pool ?? ''} ${row.storage ?? ''} ${row.status ?? ''}`.toLowerCase()
    about.set(row, text)
  }
  return text
}

/** Whether a filter lets a row through. All words of the text must be there somewhere. */
export function matcher(filter: Filter): (row: Resource) => boolean {
  const wanted = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  return (row) => {
    if (filter.type !== '' && !(filter.type === 'guest' ? isGuest(row) : row.type === filter.type)) return false
    if (filter.state !== '' && stateName(row) !== filter.state) return false
    if (filter.tag !== '' && !tagsOf(row).includes(filter.tag)) return false
    if (filter.pool !== '' && row.pool !== filter.pool) return false
    if (wanted.length === 0) return true
    const text = aboutOf(row)
    return wanted.every((word) => text.includes(word))
  }
}

/** Rows that a filter lets through. */
export const matching = <T extends Resource>(rows: readonly T[], filter: Filter): T[] => rows.filter(matcher(filter))
