// Draws a chart. In a file of its own, so that the library is loaded only with the first chart.
import uPlot from 'uplot'
import { useEffect, useRef } from 'react'
import { i18n } from '../i18n'
import { BINARY_STEPS, isBinary, timeLabels, type Columns, type Series } from './chartData'
import classes from './Chart.module.css'

interface Props {
  columns: Columns
  series: readonly Series[]
  colours: readonly string[]
  /** Labels of series that are not drawn. */
  hidden: readonly string[]
  scheme: 'light' | 'dark'
  format: (value: number) => string
  atLeast?: number
  height: number
  onCursor: (index: number | null) => void
}

const INK = {
  light: { text: '#5c6370', grid: '#e8ebf0' },
  dark: { text: '#a3a8b1', grid: '#2e3136' },
} as const

const FONT = '11px Inter, "Segoe UI", Roboto, "Noto Sans", sans-serif'
/** All charts of a page move their cursors together. */
const SYNC = 'pleiad'

export function ChartCanvas(props: Props) {
  const { columns, series, hidden, scheme, height } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const names = series.map((one) => one.label).join('\n')
  // A new look is a new drawing; new figures are not.
  useEffect(() => {
    const target = box.current
    if (!target) return
    const made = new uPlot(optionsOf(latest, target.clientWidth), latest.current.columns as uPlot.AlignedData, target)
    plot.current = made
    const observer = new ResizeObserver(() => {
      if (target.clientWidth > 0) made.setSize({ width: target.clientWidth, height: latest.current.height })
    })
    observer.observe(target)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [names, scheme, height])
  useEffect(() => plot.current?.setData(columns as uPlot.AlignedData), [columns])
  useEffect(() => {
    for (const [index, one] of series.entries()) {
      const show = !hidden.includes(one.label)
      if (plot.current?.series[index + 1]?.show !== show) plot.current?.setSeries(index + 1, { show })
    }
  }, [hidden, series])
  return <div ref={box} className={classes.canvas} aria-hidden />
}

function optionsOf(latest: { readonly current: Props }, width: number): uPlot.Options {
  const { series, colours, hidden, scheme, height, format, atLeast = 0 } = latest.current
  const ink = INK[scheme]
  const axis = { font: FONT, stroke: ink.text, grid: { stroke: ink.grid, width: 1 }, ticks: { show: false } }
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    cursor: {
      drag: { x: false, y: false },
      sync: { key: SYNC, setSeries: false },
      points: { size: 6 },
      y: false,
    },
    scales: {
      x: { time: true, range: (_, min, max) => [min, max] },
      // A flat line of nothing lies at the bottom.
      y: { range: (_, __, max) => [0, Math.max(max * 1.08, atLeast) || 1] },
    },
    axes: [
      { ...axis, space: 70, size: 26, values: (_, splits, ___, ____, step) => timeLabels(splits, step, i18n.locale || 'en') },
      {
        ...axis,
        size: 66,
        space: 32,
        values: (_, splits) => splits.map((split) => latest.current.format(split)),
        ...(isBinary(format) ? { incrs: BINARY_STEPS } : {}),
      },
    ],
    series: [
      {},
      ...series.map((one, index) => ({
        label: one.label,
        stroke: colours[index],
        width: 1.5,
        fill: `${colours[index]}${index === 0 ? '22' : '11'}`,
        show: !hidden.includes(one.label),
        spanGaps: false,
        points: { size: 4 },
      })),
    ],
    hooks: { setCursor: [(made) => latest.current.onCursor(made.cursor.idx ?? null)] },
  }
}
