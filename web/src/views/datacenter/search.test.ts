import { describe, expect, it } from 'vitest'
import type { Resource } from '../../api/resources'
import { filterOf, matching, NO_FILTER, searchOf } from './search'

const rows: Resource[] = [
  { id: 'qemu/100', type: 'qemu', vmid: 100, node: 'n1', name: 'Web', status: 'running', tags: 'prod;web', pool: 'a' },
  { id: 'qemu/101', type: 'qemu', vmid: 101, node: 'n1', name: 'gold', status: 'stopped', template: 1 },
  { id: 'lxc/102', type: 'lxc', vmid: 102, node: 'n2', name: 'dns', status: 'stopped', tags: 'prod' },
  { id: 'node/n1', type: 'node', node: 'n1', status: 'online' },
  { id: 'storage/n1/local', type: 'storage', node: 'n1', storage: 'local', status: 'unknown' },
]
const ids = (filter: Partial<typeof NO_FILTER>) => matching(rows, { ...NO_FILTER, ...filter }).map((row) => row.id)

describe('a filter', () => {
  it('lets all through when it is empty', () => expect(ids({})).toHaveLength(rows.length))
  it('finds words in whatever order and case', () => {
    expect(ids({ text: 'PROD web' })).toEqual(['qemu/100'])
    expect(ids({ text: '102' })).toEqual(['lxc/102'])
    expect(ids({ text: 'nothing' })).toEqual([])
  })
  it('goes by type, state, tag and pool together', () => {
    expect(ids({ type: 'guest', tag: 'prod' })).toEqual(['qemu/100', 'lxc/102'])
    expect(ids({ state: 'template' })).toEqual(['qemu/101'])
    expect(ids({ state: 'stopped' })).toEqual(['lxc/102'])
    expect(ids({ state: 'inactive' })).toEqual(['storage/n1/local'])
    expect(ids({ pool: 'a', type: 'lxc' })).toEqual([])
  })
  it('is part of the address', () => {
    const filter = { ...NO_FILTER, text: '100', state: 'running' }
    expect(filterOf(searchOf(filter))).toEqual(filter)
    expect(filterOf({ text: 100, state: ['x'], evil: 1 })).toEqual({ ...NO_FILTER, text: '100' })
  })
})
