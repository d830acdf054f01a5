// Where a resource has its page, and which resource the current page is about.
import type { Resource } from '../api/resources'

/** What a resource of the table is known by; a part of it that rarely changes. */
export type Known = Pick<Resource, 'id' | 'type' | 'node' | 'vmid' | 'name' | 'storage' | 'pool' | 'tags' | 'template'>

export interface Place {
  to: string
  params: Record<string, string>
}

export const DATACENTER = 'root'

/** The page of a resource; `null` for what has none. The tab is kept where both are of a kind. */
export function placeOf(row: Known | typeof DATACENTER, here: Here | null = null): Place | null {
  const tab = (kind: Here['kind']) => (here?.kind === kind && here.tab ? here.tab : 'summary')
  if (row === DATACENTER) return { to: '/dc/$tab', params: { tab: tab('dc') } }
  switch (row.type) {
    case 'qemu': case 'lxc':
      return { to: '/guest/$vmid/$tab', params: { vmid: String(row.vmid), tab: tab('guest') } }
    case 'node':
      return { to: '/node/$node/$tab', params: { node: row.node ?? '', tab: tab('node') } }
    case 'storage':
      return { to: '/storage/$node/$storage/$tab', params: { node: row.node ?? '', storage: row.storage ?? '', tab: tab('storage') } }
    case 'pool':
      return { to: '/pool/$pool/$tab', params: { pool: row.pool ?? '', tab: tab('pool') } }
    default:
      return null
  }
}

export interface Here {
  kind: 'dc' | 'node' | 'guest' | 'storage' | 'pool'
  /** What the page is about: a guest's ID, a name, `NODE/STORAGE`. */
  name: string
  tab: string
}

/** What a path of the address bar is about. */
export function hereOf(pathname: string): Here | null {
  const [, kind, ...rest] = pathname.split('/').map(decode)
  const tab = rest.at(-1) ?? ''
  switch (kind) {
    case 'dc': return { kind, name: '', tab }
    case 'node': case 'guest': case 'pool': return { kind, name: rest[0] ?? '', tab: rest[1] ?? '' }
    case 'storage': return { kind, name: `${rest[0] ?? ''}/${rest[1] ?? ''}`, tab: rest[2] ?? '' }
    default: return null
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Whether the current page is about a resource. */
export function isHere(row: Known | typeof DATACENTER, here: Here | null): boolean {
  if (!here) return false
  if (row === DATACENTER) return here.kind === 'dc'
  switch (row.type) {
    case 'qemu': case 'lxc': return here.kind === 'guest' && here.name === String(row.vmid)
    case 'node': return here.kind === 'node' && here.name === row.node
    case 'storage': return here.kind === 'storage' && here.name === `${row.node}/${row.storage}`
    case 'pool': return here.kind === 'pool' && here.name === row.pool
    default: return false
  }
}
