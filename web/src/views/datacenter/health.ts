// What is wrong in the datacenter, worked out from the rows of everything there is.
import { isGuest, type Guest, type Resource } from '../../api/resources'

export type Severity = 'error' | 'warning'

/** Something to look at. `id` is the resource's. */
export interface Finding {
  id: string
  severity: Severity
  kind: 'node-offline' | 'storage-inactive' | 'storage-full' | 'guest-locked' | 'guest-unknown' | 'node-full' | 'node-memory'
  row: Resource
}

/** A share of room from which on it is said. */
const NEARLY_FULL = 0.9
const FULL = 0.97

const used = (part: number | undefined, whole: number | undefined) => (part !== undefined && whole ? part / whole : 0)

function findingsOf(row: Resource): Omit<Finding, 'id' | 'row'>[] {
  const found: Omit<Finding, 'id' | 'row'>[] = []
  if (row.type === 'node') {
    if (row.status === 'offline') found.push({ severity: 'error', kind: 'node-offline' })
    const root = used(row.disk, row.maxdisk)
    if (root > NEARLY_FULL) found.push({ severity: root > FULL ? 'error' : 'warning', kind: 'node-full' })
    if (used(row.mem, row.maxmem) > NEARLY_FULL) found.push({ severity: 'warning', kind: 'node-memory' })
  } else if (row.type === 'storage') {
    if (row.status !== 'available') found.push({ severity: 'error', kind: 'storage-inactive' })
    const share = used(row.disk, row.maxdisk)
    if (share > NEARLY_FULL) found.push({ severity: share > FULL ? 'error' : 'warning', kind: 'storage-full' })
  } else if (isGuest(row)) {
    if (row.lock) found.push({ severity: 'warning', kind: 'guest-locked' })
    if (row.status === 'unknown') found.push({ severity: 'error', kind: 'guest-unknown' })
  }
  return found
}

/** Everything to look at, what is worst first. A shared storage counts once. */
export function findings(rows: Iterable<Resource>): Finding[] {
  const all: Finding[] = []
  const shared = new Set<string>()
  for (const row of rows)
    for (const found of findingsOf(row)) {
      if (row.type === 'storage' && row.shared === 1 && found.kind === 'storage-full') {
        if (shared.has(row.storage ?? '')) continue
        shared.add(row.storage ?? '')
      }
      all.push({ ...found, id: row.id, row })
    }
  return all.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error') || a.id.localeCompare(b.id))
}

/** What a guest counts as: templates never run, and paused is neither running nor stopped. */
export type GuestState = 'running' | 'paused' | 'stopped' | 'template' | 'unknown'

export const GUEST_STATES = ['running', 'paused', 'stopped', 'template', 'unknown'] as const

export function guestState(guest: Pick<Guest, 'status' | 'template'>): GuestState {
  if (guest.template) return 'template'
  switch (guest.status) {
    case 'running': return 'running'
    case 'stopped': return 'stopped'
    case 'paused': case 'suspended': case 'prelaunch': return 'paused'
    default: return 'unknown'
  }
}

export type Counts = Record<GuestState, number>

/** Guests of each kind by state. */
export function countGuests(guests: Iterable<Guest>): Record<'qemu' | 'lxc', Counts> {
  const none = (): Counts => ({ running: 0, paused: 0, stopped: 0, template: 0, unknown: 0 })
  const counts = { qemu: none(), lxc: none() }
  for (const guest of guests) counts[guest.type][guestState(guest)] += 1
  return counts
}

export interface Totals {
  cores: number
  cpu: number
  mem: number
  maxmem: number
  disk: number
  maxdisk: number
}

/** CPU, memory and storage over all nodes that answer. Storages that are shared count once; those that are not active, not at all. */
export function totals(rows: Iterable<Resource>): Totals {
  const sum: Totals = { cores: 0, cpu: 0, mem: 0, maxmem: 0, disk: 0, maxdisk: 0 }
  const shared = new Set<string>()
  for (const row of rows) {
    if (row.type === 'node' && row.status === 'online') {
      sum.cores += row.maxcpu ?? 0
      sum.cpu += (row.cpu ?? 0) * (row.maxcpu ?? 0)
      sum.mem += row.mem ?? 0
      sum.maxmem += row.maxmem ?? 0
    } else if (row.type === 'storage' && row.status === 'available') {
      if (row.shared === 1 && shared.has(row.storage ?? '')) continue
      if (row.shared === 1) shared.add(row.storage ?? '')
      sum.disk += row.disk ?? 0
      sum.maxdisk += row.maxdisk ?? 0
    }
  }
  return sum
}
