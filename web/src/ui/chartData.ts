// Figures over time, before they are drawn. Times are seconds since the epoch.
import { bytes, rate } from '../lib/format'

/** A row of `rrddata`: a time, and figures by name; those that were not measured are missing. */
export type ChartRow = Readonly<Record<string, unknown>>

export interface Series {
  label: string
  /** Name of the figure in the rows … */
  key?: string
  /** … or how to work it out, … */
  of?: (row: ChartRow) => number | null | undefined
  /** … or the figures themselves, one for each row. */
  values?: readonly (number | null | undefined)[]
  /** How a figure reads; the chart's own way when not given. */
  format?: (value: number) => string
}

/** Columns: times, then the figures of each series. `null` is a gap. */
export type Columns = [times: number[], ...figures: (number | null)[][]]

/** A figure of a row, `null` when it was not measured. */
export function figure(row: ChartRow, key: string): number | null {
  const value = row[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function columnsOf(data: readonly ChartRow[], series: readonly Series[]): Columns {
  const clean = (value: number | null | undefined) => (typeof value === 'number' && Number.isFinite(value) ? value : null)
  const times = data.map((row) => Number(row.time))
  return [
    times,
    ...series.map(({ key, of, values }) => {
      if (values) return data.map((_, index) => clean(values[index]))
      if (of) return data.map((row) => clean(of(row)))
      return data.map((row) => figure(row, key ?? ''))
    }),
  ]
}

export interface Extremes {
  last: number | null
  max: number | null
  average: number | null
}

/** What a column comes down to, in three numbers. */
export function extremes(column: readonly (number | null)[]): Extremes {
  const there = column.filter((value) => value !== null)
  if (there.length === 0) return { last: null, max: null, average: null }
  return {
    last: column.findLast((value) => value !== null) ?? null,
    max: there.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    average: there.reduce((sum, value) => sum + value, 0) / there.length,
  }
}

/** Whether figures are counted in powers of 1024. */
export const isBinary = (format: ((value: number) => string) | undefined) => format === bytes || format === rate

/** Steps of an axis that is counted in powers of two. */
export const BINARY_STEPS = Array.from({ length: 60 }, (_, power) => 2 ** power)

const DAY = 86_400

/** Times below an axis in the language's own way; `step` is the distance between two, in seconds. */
export function timeLabels(splits: readonly number[], step: number, locale: string): string[] {
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const month = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric' })
  return splits.map((split) => {
    const date = new Date(split * 1000)
    if (step >= 28 * DAY) return month.format(date)
    if (step >= DAY) return day.format(date)
    return date.getHours() === 0 && date.getMinutes() === 0 ? day.format(date) : clock.format(date)
  })
}
