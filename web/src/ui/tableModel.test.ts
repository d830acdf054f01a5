import { describe, expect, it } from 'vitest'
import { holding, sorted, turned } from './tableModel'

const by = (values: unknown[], desc = false, language?: string) => sorted(values, (value) => value, desc, language)

describe('the order of rows', () => {
  it('counts figures in words as numbers, whatever the case', () => {
    expect(by(['web-10', 'Web-9', 'db-2'])).toEqual(['db-2', 'Web-9', 'web-10'])
    expect(by(['web-10', 'Web-9', 'db-2'], true)).toEqual(['web-10', 'Web-9', 'db-2'])
  })
  it('is that of the language where there are its letters', () => {
    expect(by(['ω', 'ά', 'β', 'a'], false, 'el')).toEqual(['ά', 'β', 'ω', 'a'])
    expect(by(['zeta', 'Ärger', 'apfel'])).toEqual(['apfel', 'Ärger', 'zeta'])
  })
  it('has figures by their size, and what has none last, either way', () => {
    expect(by([10, null, 9, undefined, 100])).toEqual([9, 10, 100, null, undefined])
    expect(by([10, null, 9, '', 100], true)).toEqual([100, 10, 9, null, ''])
    expect(by([true, false])).toEqual([false, true])
  })
  it('copes with values of several kinds', () => expect(by(['b', 2, 'a'])).toEqual([2, 'a', 'b']))
  it('keeps equal rows as they were', () => {
    const rows = [{ n: 1, k: 'a' }, { n: 2, k: 'b' }, { n: 3, k: 'a' }]
    expect(sorted(rows, (row) => row.k, false).map((row) => row.n)).toEqual([1, 3, 2])
    expect(sorted(rows, undefined, true)).toBe(rows)
  })
})

it('a search looks into all columns that have values', () => {
  const columns = [{ id: 'a', header: 'A', accessorFn: (row: string[]) => row[0] }, { id: 'b', header: 'B' }, { id: 'c', header: 'C', accessorFn: (row: string[]) => row[1] }]
  const rows = [['Alpha', '12'], ['beta', '21']]
  expect(holding(rows, columns, ' ALP ')).toEqual([rows[0]])
  expect(holding(rows, columns, '21')).toEqual([rows[1]])
  expect(holding(rows, columns, '')).toBe(rows)
})

it('a click on a head turns the order, a third one ends it', () => {
  const first = turned([], 'a')
  expect(first).toEqual([{ id: 'a', desc: false }])
  expect(turned(first, 'a')).toEqual([{ id: 'a', desc: true }])
  expect(turned(turned(first, 'a'), 'a')).toEqual([])
  expect(turned([], 'n', true)).toEqual([{ id: 'n', desc: true }])
  expect(turned(turned([], 'n', true), 'n', true)).toEqual([{ id: 'n', desc: false }])
})
