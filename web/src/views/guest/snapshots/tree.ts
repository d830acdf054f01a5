// Snapshots of a guest as a tree: each below the one that it was taken after, the present below the one it grew from.

export interface Snapshot {
  name: string
  description?: string
  /** When it was taken, seconds since the epoch. */
  snaptime?: number
  parent?: string
  /** Whether it has the memory. */
  vmstate?: number
}

/** The name under which the API lists the present. */
export const CURRENT = 'current'

export interface Branch {
  snapshot: Snapshot
  depth: number
}

/** The tree from top to bottom. A snapshot whose parent is gone stands at the root; loops end where they begin. */
export function snapshotTree(snapshots: readonly Snapshot[]): Branch[] {
  const names = new Set(snapshots.map((one) => one.name))
  const order = (one: Snapshot) => (one.name === CURRENT ? Number.POSITIVE_INFINITY : (one.snaptime ?? 0))
  const sorted = snapshots.toSorted((a, b) => order(a) - order(b))
  const seen = new Set<string>()
  const branches: Branch[] = []
  const add = (snapshot: Snapshot, depth: number) => {
    if (seen.has(snapshot.name)) return
    seen.add(snapshot.name)
    branches.push({ snapshot, depth })
    for (const child of sorted) if (child.parent === snapshot.name) add(child, depth + 1)
  }
  for (const one of sorted) if (!one.parent || !names.has(one.parent)) add(one, 0)
  for (const one of sorted) add(one, 0)
  return branches
}

/** Names that a snapshot can have. */
export const SNAPSHOT_NAME = /^[a-z][\w-]{1,39}$/i
