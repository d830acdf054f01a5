import { useMemo } from 'react'
import { useApi } from '../../api/hooks'
import { useResource } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes } from '../../lib/format'
import { Chart, TimeframeSelect, useTimeframe, type ChartRow } from '../../ui/Chart'
import { Columns, Facts, Loaded, Meter, Panel } from '../../ui/parts'
import { words } from '../datacenter/names'
import { contentName } from '../datacenter/StorageForm'
import classes from './storage.module.css'
import type { Props } from './tabs'

/** How a storage is, and how full. */
export function Summary({ node, storage }: Props) {
  const row = useResource(`storage/${node}/${storage}`)
  const status = useApi('/nodes/{node}/storage/{storage}/status', { node, storage }, { refetchInterval: 30_000 })
  return (
    <div className={classes.page}>
      <Columns>
        <Panel title={i18n._('Status')}>
          <Loaded query={status} lines={6}>
            {(data) => (
              <Facts
                rows={[
                  [i18n._('Enabled'), data.enabled ? i18n._('Yes') : i18n._('No')],
                  [i18n._('Active'), data.active ? i18n._('Yes') : i18n._('No: its directory is missing, not mounted, or does not answer')],
                  [i18n._('Content'), words(data.content).map(contentName).join(', ')],
                  [i18n._('Type'), data.type === 'dir' ? i18n._('Directory') : data.type],
                  [i18n._('Shared'), data.shared ? i18n._('Yes') : i18n._('No')],
                ]}
              />
            )}
          </Loaded>
        </Panel>
        <Panel title={i18n._('Usage')}>
          <Loaded query={status} lines={3}>
            {(data) => (data.active ? (
              <>
                {/* The row is live; the status knows it all the same before the first row comes. */}
                <Meter label={i18n._('Usage')} used={row?.disk ?? data.used} total={row?.maxdisk ?? data.total} />
                <Facts rows={[[i18n._('Free'), bytes(data.avail)], [i18n._('Total'), bytes(row?.maxdisk ?? data.total)]]} />
              </>
            ) : <p className="dim">{i18n._('Not known while it is not active.')}</p>)}
          </Loaded>
        </Panel>
      </Columns>
      <UsageChart node={node} storage={storage} />
    </div>
  )
}

function UsageChart({ node, storage }: { node: string; storage: string }) {
  const [frame, setFrame] = useTimeframe()
  // Ten years are not kept for storages.
  const timeframe = frame.timeframe === 'decade' ? 'year' : frame.timeframe
  const query = useApi('/nodes/{node}/storage/{storage}/rrddata', { node, storage, timeframe, cf: frame.cf }, { refetchInterval: 60_000, placeholderData: (old: unknown) => old as never })
  const series = useMemo(() => [{ label: i18n._('Used'), key: 'used' }, { label: i18n._('Size'), key: 'total' }], [])
  return (
    <Chart
      title={i18n._('Usage over time')}
      series={series}
      data={query.data as ChartRow[] | undefined}
      format={bytes}
      height={220}
      tools={<TimeframeSelect value={frame} onChange={setFrame} />}
    />
  )
}
