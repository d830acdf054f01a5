// Figures over time. The drawing itself is loaded when the first chart is shown; charts move their cursors together.
import { Select, Skeleton, UnstyledButton, useComputedColorScheme } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import 'uplot/dist/uPlot.min.css'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { i18n } from '../i18n'
import { moment } from '../lib/format'
import { columnsOf, extremes, type ChartRow, type Columns, type Series } from './chartData'
import { Panel } from './parts'
import classes from './Chart.module.css'

export type { ChartRow, Series } from './chartData'

const ChartCanvas = lazy(() => import('./ChartCanvas').then((module) => ({ default: module.ChartCanvas })))

/** Colours of the series, told apart also by those who do not see all colours. */
const COLOURS = {
  light: ['#2f55c4', '#c2570c', '#0f7d62', '#8a3fa8'],
  dark: ['#8ba7ff', '#ffa55c', '#4fd1ae', '#d69bf0'],
} as const

export interface Timeframe {
  timeframe: 'hour' | 'day' | 'week' | 'month' | 'year' | 'decade'
  cf: 'AVERAGE' | 'MAX'
}

interface Props {
  title: ReactNode
  series: readonly Series[]
  /** Rows of `rrddata`; `undefined` while they load. */
  data: readonly ChartRow[] | undefined
  /** How figures read that say nothing of their own. */
  format?: (value: number) => string
  /** The axis reaches at least up to here. */
  atLeast?: number
  /** Height of the drawing, px. */
  height?: number
  tools?: ReactNode
}

const plain = (value: number) => value.toLocaleString(i18n.locale || 'en', { maximumFractionDigits: 2 })

/** A chart in a panel of its own, with a legend that tells the figures at the cursor, or the last ones. */
export function Chart({ title, series, data, format = plain, atLeast, height = 170, tools }: Props) {
  const scheme = useComputedColorScheme('light')
  const [at, setAt] = useState<number | null>(null)
  const [hidden, setHidden] = useState<readonly string[]>([])
  const columns = useMemo(() => data && columnsOf(data, series), [data, series])
  const colours = series.map((_, index) => COLOURS[scheme][index % COLOURS[scheme].length] ?? 'gray')
  const index = at !== null && columns && at < columns[0].length ? at : null
  const toggle = (label: string) =>
    setHidden(hidden.includes(label) ? hidden.filter((one) => one !== label) : [...hidden, label])
  return (
    <Panel title={title} tools={<><span className={classes.time}>{index === null ? '' : moment(columns?.[0][index])}</span>{tools}</>}>
      <Body columns={columns} series={series} colours={colours} hidden={hidden} scheme={scheme} format={format} atLeast={atLeast} height={height} onCursor={setAt} />
      <div className={classes.legend}>
        {series.map((one, number) => {
          const column = columns?.[number + 1] ?? []
          const value = index === null ? extremes(column).last : column[index]
          return (
            <UnstyledButton key={one.label} className={classes.key} aria-pressed={!hidden.includes(one.label)} title={i18n._('Show or hide')} onClick={() => toggle(one.label)}>
              <span className={classes.swatch} style={{ background: colours[number] }} />
              {one.label} <span className={classes.value}>{value === null || value === undefined ? '–' : (one.format ?? format)(value)}</span>
            </UnstyledButton>
          )
        })}
      </div>
      {columns && <InWords title={title} columns={columns} series={series} format={format} />}
    </Panel>
  )
}

interface BodyProps {
  columns: Columns | undefined
  series: readonly Series[]
  colours: readonly string[]
  hidden: readonly string[]
  scheme: 'light' | 'dark'
  format: (value: number) => string
  atLeast?: number
  height: number
  onCursor: (index: number | null) => void
}

function Body({ columns, series, height, ...rest }: BodyProps) {
  if (!columns) return <Skeleton height={height} />
  const [, ...figures] = columns
  if (!figures.some((column) => column.some((value) => value !== null)))
    return <div className={classes.nothing} style={{ height }}>{i18n._('No figures for this time yet.')}</div>
  return (
    <div style={{ height }}>
      <Suspense fallback={<Skeleton height={height} />}>
        <ChartCanvas columns={columns} series={series} height={height} {...rest} />
      </Suspense>
    </div>
  )
}

/** The same for those who do not see the drawing. */
function InWords({ title, columns, series, format }: { title: ReactNode; columns: Columns; series: readonly Series[]; format: (value: number) => string }) {
  return (
    <table className="visually-hidden">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{i18n._('Figure')}</th>
          <th scope="col">{i18n._('Last')}</th>
          <th scope="col">{i18n._('Average')}</th>
          <th scope="col">{i18n._('Maximum')}</th>
        </tr>
      </thead>
      <tbody>
        {series.map((one, number) => {
          const { last, average, max } = extremes(columns[number + 1] ?? [])
          const say = (value: number | null) => (value === null ? '–' : (one.format ?? format)(value))
          return (
            <tr key={one.label}>
              <th scope="row">{one.label}</th>
              <td>{say(last)}</td>
              <td>{say(average)}</td>
              <td>{say(max)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Charts below each other on narrow screens, side by side elsewhere. */
export const Charts = ({ children }: { children: ReactNode }) => <div className={classes.charts}>{children}</div>

/** The span of time that charts show, the same for all views and kept for the next visit. */
export function useTimeframe() {
  const [timeframe, setTimeframe] = useLocalStorage<Timeframe>({
    key: 'pleiad.timeframe',
    defaultValue: { timeframe: 'hour', cf: 'AVERAGE' },
    getInitialValueInEffect: false,
  })
  return [timeframe, setTimeframe] as const
}

const FRAMES = ['hour', 'day', 'week', 'month', 'year', 'decade'] as const
const FUNCTIONS = ['AVERAGE', 'MAX'] as const

function frameName({ timeframe, cf }: Timeframe): string {
  const average = cf === 'AVERAGE'
  switch (timeframe) {
    case 'hour': return average ? i18n._('Hour (average)') : i18n._('Hour (maximum)')
    case 'day': return average ? i18n._('Day (average)') : i18n._('Day (maximum)')
    case 'week': return average ? i18n._('Week (average)') : i18n._('Week (maximum)')
    case 'month': return average ? i18n._('Month (average)') : i18n._('Month (maximum)')
    case 'year': return average ? i18n._('Year (average)') : i18n._('Year (maximum)')
    default: return average ? i18n._('Decade (average)') : i18n._('Decade (maximum)')
  }
}

/** Chooses the span of time. */
export function TimeframeSelect({ value, onChange }: { value: Timeframe; onChange: (value: Timeframe) => void }) {
  const all = FRAMES.flatMap((timeframe) => FUNCTIONS.map((cf) => ({ timeframe, cf })))
  const name = (frame: Timeframe) => `${frame.timeframe}/${frame.cf}`
  return (
    <Select
      aria-label={i18n._('Time span of the charts')}
      className={classes.frame}
      allowDeselect={false}
      data={all.map((frame) => ({ value: name(frame), label: frameName(frame) }))}
      value={name(value)}
      onChange={(chosen) => {
        const frame = all.find((one) => name(one) === chosen)
        if (frame) onChange(frame)
      }}
    />
  )
}
