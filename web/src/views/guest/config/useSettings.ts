// Reads a guest's options and changes them. Every change carries the digest of what was seen: who saw something older
// is told so instead of overwriting another's work.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { ApiError, request } from '../../../api/call'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { useReload } from '../../datacenter/reload'
import { readSettings, type PendingLine, type Settings } from './settings'

export interface Seen {
  settings: Settings
  /** SHA-1 of the configuration that was seen. */
  digest: string
}

/** The path of a guest in the API. */
export const guestPath = (guest: Pick<Guest, 'node' | 'type' | 'vmid'>) =>
  `/nodes/${encodeURIComponent(guest.node)}/${guest.type}/${guest.vmid}`

/** The options of a guest, kept current: with the changes that wait for its next start, or for its cloud-init image. */
export function useSettings(guest: Guest, list: 'pending' | 'cloudinit' = 'pending'): UseQueryResult<Seen, Error> {
  const base = guestPath(guest)
  return useQuery<Seen, Error>({
    queryKey: [`${base}/${list}`, { digest: true }],
    // The digest comes first: if something changes in between, a change of ours is refused rather than done unseen.
    queryFn: async ({ signal }) => {
      const { digest } = (await request('get', `${base}/config`, {}, signal)) as { digest: string }
      const lines = (await request('get', `${base}/${list}`, {}, signal)) as PendingLine[]
      return { settings: readSettings(lines), digest }
    },
  })
}

/** Whether an answer says that the configuration is not the one that was seen. */
const isStale = (error: unknown) => error instanceof ApiError && error.message.includes('detected modified configuration')

/** Sends a change of a guest's options, and loads again what shows them. */
export type Change = (parameters: Record<string, unknown>, digest: string) => Promise<unknown>

export function useChangeSettings(guest: Guest): Change {
  const reload = useReload()
  const base = guestPath(guest)
  return async (parameters, digest) => {
    try {
      return await request('put', `${base}/config`, { ...parameters, digest })
    } catch (error) {
      throw isStale(error) ? new ApiError(500, i18n._('Somebody else has changed this guest since you opened this. Cancel, look at the new values, then change it again.')) : error
    } finally {
      void reload(base)
    }
  }
}
