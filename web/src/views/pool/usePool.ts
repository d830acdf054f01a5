import { useApi } from '../../api/hooks'

/** A pool with its members. Nested ones have a slash in their name, so that they cannot be part of the path. */
export function usePool(pool: string) {
  const query = useApi('/pools', { poolid: pool })
  const [found] = query.data ?? []
  return { ...query, data: query.data && { comment: found?.comment, members: found?.members ?? [] } }
}

export interface Member {
  id: string
  type: string
  node: string
  vmid?: number
  storage?: string
}
