import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { below } from '../../api/events'

/** Loads again what lies below paths of the API: what one has changed oneself shows at once, stream or not. */
export function useReload(): (...paths: string[]) => Promise<void> {
  const queries = useQueryClient()
  return useCallback(
    async (...paths) => {
      await queries.invalidateQueries({
        predicate: (query) => paths.some((path) => below(String(query.queryKey[0]), path)),
      })
    },
    [queries],
  )
}
