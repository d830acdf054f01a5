import { describe, expect, it } from 'vitest'
import type { Known } from './places'
import { asCommand, findNamed, findRows, fit, score } from './search'

const vm = (vmid: number, name: string, tags?: string): Known => ({ id: `qemu/${vmid}`, type: 'qemu', vmid, name, node: 'n1', tags })
const rows = [vm(100, 'db-web'), vm(101, 'web'), vm(102, 'web-1'), vm(103, 'cobweb'), vm(104, 'x', 'web'), { id: 'storage/n1/local', type: 'storage', node: 'n1', storage: 'local' }]
const find = (...words: string[]) => findRows(rows, words, 10, () => true).map((row) => row.name ?? row.storage)

describe('search', () => {
  it('puts the same, then beginnings, words and the middle', () => expect(find('web')).toEqual(['web', 'web-1', 'db-web', 'x', 'cobweb']))
  it('wants every word', () => {
    expect(find('web', '102')).toEqual(['web-1'])
    expect(find('web', 'nothing')).toEqual([])
  })
  it('finds IDs by their beginning', () => expect(find('10').length).toBe(5))
  it('finds storages by name and node', () => expect(find('loc', 'n1')).toEqual(['local']))
  it('finds nothing by nothing', () => expect(find()).toEqual([]))
  it('takes what is typed as text', () => {
    expect(fit('a.b', '.*')).toBe(0)
    expect(score(['<img src=x>'], ['<img'])).toBeGreaterThan(0)
  })
})

describe('actions', () => {
  it('are found by label and by other words', () => {
    const all = [{ label: 'Log out', also: 'quit exit' }, { label: 'Create VM' }]
    expect(findNamed(all, ['exit'], 5)).toEqual([all[0]])
    expect(findNamed(all, ['vm'], 5)).toEqual([all[1]])
    expect(findNamed(all, [], 5)).toEqual(all)
  })
  it('can be told with what they are about, in any order', () => {
    expect(asCommand(['start', 'web'], ['Start', 'Stop'])).toEqual([{ verb: 'Start', rest: ['web'] }])
    expect(asCommand(['web', 'st'], ['Start', 'Stop'])).toEqual([{ verb: 'Start', rest: ['web'] }, { verb: 'Stop', rest: ['web'] }])
    expect(asCommand(['start'], ['Start'])).toEqual([])
  })
})

it('is quick with ten thousand guests', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => vm(10_000 + n, `guest-${n}`, `t${n % 9};prod`))
  const start = performance.now()
  for (const word of ['g', 'gu', 'guest-99', 'prod']) expect(findRows(many, [word], 8, () => true)).toHaveLength(8)
  expect(performance.now() - start).toBeLessThan(1000)
})
