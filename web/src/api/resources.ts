// Everything there is, with its figures: one table that the event stream keeps current and every view reads.
import { useMemo } from 'react'
import { create } from 'zustand'
import { call, type Row } from './call'

export type Resource = Row<'/cluster/resources'>
export type GuestKind = 'qemu' | 'lxc'
export type Guest = Resource & { vmid: number; node: string; type: GuestKind }

interface State {
  rows: ReadonlyMap<string, Resource>
  loaded: boolean
  /** Why the list could not be loaded. */
  error: Error | null
}

export const useResources = create<State>(() => ({ rows: new Map(), loaded: false, error: null }))

/** Loads all of it: at the start, and when events were missed. */
export async function loadResources(): Promise<void> {
  try {
    const list = await call('get', '/cluster/resources', {})
    useResources.setState({ rows: new Map(list.map((row) => [row.id, row])), loaded: true, error: null })
  } catch (error) {
    useResources.setState({ error: error instanceof Error ? error : new Error(String(error)) })
  }
}

/** Takes over changes of rows, and rows that are gone. */
export function applyResources(changed: readonly Resource[], gone: readonly string[]): void {
  if (changed.length === 0 && gone.length === 0) return
  const rows = new Map(useResources.getState().rows)
  for (const row of changed) rows.set(row.id, row)
  for (const id of gone) rows.delete(id)
  useResources.setState({ rows })
}

export const isGuest = (row: Resource): row is Guest => row.type === 'qemu' || row.type === 'lxc'

/** One row by its id (`qemu/100`, `node/n1`, `storage/n1/local`). */
export const useResource = (id: string) => useResources((state) => state.rows.get(id))

/** The guest of an ID, of either kind. */
export const useGuest = (vmid: number): Guest | undefined =>
  useResources((state) => (state.rows.get(`qemu/${vmid}`) ?? state.rows.get(`lxc/${vmid}`)) as Guest | undefined)

/** All rows of some kinds, in the order of their ids. */
export function useRows(...types: Resource['type'][]): Resource[] {
  const rows = useResources((state) => state.rows)
  const wanted = types.join()
  return useMemo(
    () => [...rows.values()].filter((row) => wanted.split(',').includes(row.type)),
    [rows, wanted],
  )
}

/** All guests by ID. */
export function useGuests(): Guest[] {
  const rows = useResources((state) => state.rows)
  return useMemo(() => [...rows.values()].filter(isGuest).sort((a, b) => a.vmid - b.vmid), [rows])
}

/** Names of the nodes. */
export const useNodes = () => useRows('node')
