import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { guestPath } from './useSettings'

/** Whether a guest's disks allow something: snapshots, linked clones. Nothing while that is not known. */
export function useFeature(guest: Guest, feature: 'snapshot' | 'clone'): boolean | undefined {
  const { data } = useApiAt<{ hasFeature: number | boolean }>(`${guestPath(guest)}/feature`, { feature })
  return data && Boolean(data.hasFeature)
}
