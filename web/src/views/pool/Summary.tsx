import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useMay } from '../../api/hooks'
import { useResources, isGuest } from '../../api/resources'
import { i18n } from '../../i18n'
import { openDialog } from '../../ui/dialogs'
import { Columns, Facts, Meter, Panel, Problem } from '../../ui/parts'
import { countGuests } from '../datacenter/health'
import { SearchLink } from '../datacenter/links'
import { PoolForm } from '../datacenter/Pools'
import { useReload } from '../datacenter/reload'
import { guestMemory } from '../guest/summary/memory'
import { usePool } from './usePool'

/** What a pool is for, and what its guests use. */
export function Summary({ pool }: { pool: string }) {
  const query = usePool(pool)
  const reload = useReload()
  const may = useMay(`/pool/${pool}`)('Pool.Allocate')
  const rows = useResources((state) => state.rows)
  const guests = useMemo(() => [...rows.values()].filter(isGuest).filter((guest) => guest.pool === pool), [rows, pool])
  const counts = useMemo(() => countGuests(guests), [guests])
  if (query.error) return <Problem error={query.error} retry={() => void query.refetch()} />
  const edit = () =>
    openDialog(i18n._('Pool {pool}', { pool }), (close) => (
      <PoolForm pool={{ poolid: pool, comment: query.data?.comment }} done={() => { void reload('/pools'); close() }} />
    ), 'md')
  const running = guests.filter((guest) => guest.status === 'running')
  const sum = (of: (guest: (typeof guests)[number]) => number | undefined) => running.reduce((all, guest) => all + (of(guest) ?? 0), 0)
  const cores = (value: number) => value.toLocaleString(i18n.locale || 'en', { maximumFractionDigits: 1 })
  const state = (type: 'qemu' | 'lxc') => (
    <SearchLink filter={{ pool, type }}>
      {i18n._('{running} running, {stopped} stopped', { running: counts[type].running, stopped: counts[type].stopped + counts[type].paused + counts[type].unknown })}
    </SearchLink>
  )
  return (
    <Columns>
      <Panel title={i18n._('Pool')} tools={may && <Button variant="subtle" leftSection={<IconPencil size={15} aria-hidden />} onClick={edit}>{i18n._('Edit')}</Button>}>
        <Facts
          rows={[
            [i18n._('Name'), pool],
            [i18n._('Comment'), query.data?.comment || '–'],
            [i18n._('Virtual machines'), state('qemu')],
            [i18n._('Containers'), state('lxc')],
            [i18n._('Storages'), query.data?.members.filter((member) => member.type === 'storage').map((member) => member.storage).join(', ') || '–'],
          ]}
        />
      </Panel>
      <Panel title={i18n._('Used by running guests')}>
        {running.length === 0 && <p className="dim">{i18n._('None is running.')}</p>}
        <Meter label={i18n._('CPU (cores)')} used={sum((guest) => (guest.cpu ?? 0) * (guest.maxcpu ?? 0))} total={sum((guest) => guest.maxcpu)} format={cores} />
        <Meter label={i18n._('Memory')} used={sum(guestMemory)} total={sum((guest) => guest.maxmem)} />
      </Panel>
    </Columns>
  )
}
