// What there is, without its figures: changes only when names, places or tags do.
import { create } from 'zustand'
import { useResources } from '../api/resources'
import type { Known } from './places'
import { settled } from './tree'

export const useKnown = create<{ rows: readonly Known[] }>(() => ({ rows: settled([], useResources.getState().rows) }))

useResources.subscribe(({ rows }) => {
  const before = useKnown.getState().rows
  const now = settled(before, rows)
  if (now !== before) useKnown.setState({ rows: now })
})
