// Figures of a guest over time.
import { useMemo } from 'react'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { bytes, percent, rate } from '../../../lib/format'
import { Chart, Charts, TimeframeSelect, useTimeframe, type ChartRow } from '../../../ui/Chart'
import { guestPath } from '../config/useSettings'
import { cappedMemory } from './memory'
import classes from './summary.module.css'

const EVERY_MS = 30_000
/** Pressure comes as percent of time. */
const pressure = (value: number) => percent(value / 100)

/** Whether a figure was ever measured. */
const has = (data: readonly ChartRow[] | undefined, ...keys: string[]) => data?.some((row) => keys.some((key) => row[key] !== undefined))

export function GuestCharts({ guest }: { guest: Guest }) {
  const [chosen, setChosen] = useTimeframe()
  // Guests keep their figures for a year.
  const frame = chosen.timeframe === 'decade' ? { ...chosen, timeframe: 'year' as const } : chosen
  const { data } = useApiAt<ChartRow[]>(`${guestPath(guest)}/rrddata`, { ...frame }, { refetchInterval: EVERY_MS })
  const vm = guest.type === 'qemu'
  const memory = useMemo(() => cappedMemory(data), [data])
  return (
    <>
      <div className={classes.frame}><TimeframeSelect value={frame} onChange={setChosen} /></div>
      <Charts>
        <Chart title={i18n._('CPU usage')} data={data} format={percent} series={[{ label: i18n._('CPU'), key: 'cpu' }]} atLeast={0.05} />
        <Chart
          title={i18n._('Memory usage')}
          data={memory}
          format={bytes}
          series={[
            { label: i18n._('Total'), key: 'maxmem' },
            { label: i18n._('Used'), key: 'mem' },
            ...(vm ? [{ label: i18n._('On the node'), key: 'memhost' }] : []),
          ]}
        />
        <Chart title={i18n._('Network traffic')} data={data} format={rate} series={[{ label: i18n._('In'), key: 'netin' }, { label: i18n._('Out'), key: 'netout' }]} atLeast={1024} />
        <Chart title={i18n._('Disk IO')} data={data} format={rate} series={[{ label: i18n._('Read'), key: 'diskread' }, { label: i18n._('Write'), key: 'diskwrite' }]} atLeast={1024} />
        {has(data, 'pressurecpusome', 'pressurecpufull') && (
          <Chart title={i18n._('CPU pressure stall')} data={data} format={pressure} series={[{ label: i18n._('Some'), key: 'pressurecpusome' }, { label: i18n._('Full'), key: 'pressurecpufull' }]} atLeast={1} />
        )}
        {has(data, 'pressureiosome', 'pressureiofull') && (
          <Chart title={i18n._('IO pressure stall')} data={data} format={pressure} series={[{ label: i18n._('Some'), key: 'pressureiosome' }, { label: i18n._('Full'), key: 'pressureiofull' }]} atLeast={1} />
        )}
        {has(data, 'pressurememorysome', 'pressurememoryfull') && (
          <Chart title={i18n._('Memory pressure stall')} data={data} format={pressure} series={[{ label: i18n._('Some'), key: 'pressurememorysome' }, { label: i18n._('Full'), key: 'pressurememoryfull' }]} atLeast={1} />
        )}
      </Charts>
    </>
  )
}
