// The place of the palette, which is loaded when it is wanted for the first time.
import { lazy, Suspense, useEffect } from 'react'
import { create } from 'zustand'

const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })))

/** How often the palette was asked for. */
const useAsked = create<{ times: number }>(() => ({ times: 0 }))

/** Opens the palette. */
export const openPalette = () => useAsked.setState(({ times }) => ({ times: times + 1 }))

export function PaletteSlot() {
  const times = useAsked((state) => state.times)
  const loaded = times > 0
  useEffect(() => {
    // Once it is there, it listens to its keys itself.
    if (loaded) return
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      openPalette()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [loaded])
  if (!loaded) return null
  return <Suspense fallback={null}><Palette asked={times} /></Suspense>
}
