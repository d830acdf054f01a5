import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { call } from '../../api/call'
import { useResources } from '../../api/resources'
import classes from './wizard.module.css'

/** Fields that belong together. */
export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className={classes.section}>
    <legend>{title}</legend>
    <div className={classes.fields}>{children}</div>
  </fieldset>
)

interface Start {
  node: string
  vmid: string
  /** Storage for disks, the one with the most room. */
  storage: string
  /** Storage with installation media. */
  media: string
  bridge: string
}

/** What the wizard begins with: a free ID, and the places that most would take. */
export function useStart(node: string | undefined, content: string, media: string[]) {
  return useQuery<Start, Error>({
    queryKey: ['wizard', node, content],
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async () => {
      const rows = [...useResources.getState().rows.values()]
      const online = rows.filter((row) => row.type === 'node' && row.status === 'online').map((row) => row.node ?? '')
      const chosen = node ?? online[0] ?? ''
      const storages = rows.filter((row) => row.type === 'storage' && row.node === chosen && row.status === 'available')
      const holding = (wanted: string) =>
        storages
          .filter((row) => (row.content ?? '').split(',').includes(wanted))
          .sort((a, b) => (b.maxdisk ?? 0) - (b.disk ?? 0) - ((a.maxdisk ?? 0) - (a.disk ?? 0)))[0]?.storage
      const [vmid, bridges] = await Promise.all([
        call('get', '/cluster/nextid', {}),
        call('get', '/nodes/{node}/network', { node: chosen, type: 'any_bridge' }).catch(() => []),
      ])
      return {
        node: chosen,
        vmid: String(vmid),
        storage: holding(content) ?? '',
        media: media.map(holding).find(Boolean) ?? '',
        bridge: bridges[0]?.iface ?? '',
      }
    },
  })
}
