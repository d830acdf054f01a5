import { beforeEach, describe, expect, it } from 'vitest'
import { i18n } from '../i18n'
import { bytes, percent } from '../lib/format'
import { columnsOf, extremes, isBinary, timeLabels } from './chartData'

beforeEach(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))

describe('columns of figures', () => {
  const data = [{ time: 60, cpu: 0.5, n: 'x' }, { time: 120 }, { time: 180, cpu: Number.NaN, mem: 3 }]
  it('keeps what was not measured as a gap', () => {
    expect(columnsOf(data, [{ label: 'CPU', key: 'cpu' }, { label: 'N', key: 'n' }])).toEqual([[60, 120, 180], [0.5, null, null], [null, null, null]])
  })
  it('works figures out, or takes them', () => {
    const columns = columnsOf(data, [{ label: 'A', of: (row) => (typeof row.mem === 'number' ? row.mem * 2 : undefined) }, { label: 'B', values: [1, 2] }])
    expect(columns.slice(1)).toEqual([[null, null, 6], [1, 2, null]])
  })
  it('comes down to last, maximum and average without the gaps', () => {
    expect(extremes([1, null, 3, 2, null])).toEqual({ last: 2, max: 3, average: 2 })
    expect(extremes([null])).toEqual({ last: null, max: null, average: null })
  })
})

describe('axes', () => {
  it('counts bytes in powers of two', () => {
    expect(isBinary(bytes)).toBe(true)
    expect(isBinary(percent)).toBe(false)
  })
  it('names days at midnight and hours else', () => {
    const midnight = new Date(2026, 4, 3, 0, 0).getTime() / 1000
    expect(timeLabels([midnight, midnight + 3600], 3600, 'en')).toEqual(['May 3', '01:00'])
    expect(timeLabels([midnight], 86_400, 'en')).toEqual(['May 3'])
    expect(timeLabels([midnight], 30 * 86_400, 'en')).toEqual(['May 2026'])
  })
})
