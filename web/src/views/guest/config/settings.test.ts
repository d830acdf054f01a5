import { describe, expect, it } from 'vitest'
import { changesOf, family, firstFree, isEmpty, nextOf, nowOf, parametersOf, readSettings, waiting, type Slot } from './settings'

const settings = readSettings([
  { key: 'memory', value: '512', pending: '1024' },
  { key: 'cores', value: 2 },
  { key: 'net0', value: 'virtio=BC:24:11:00:00:01,bridge=vmbr0', delete: 1 },
  { key: 'net10', pending: 'e1000,bridge=vmbr1' },
  { key: 'net2', value: 'virtio,bridge=vmbr0', pending: 'virtio,bridge=vmbr0' },
  { key: 'agent', value: '1,type=isa,x-new=7' },
])

describe('options with pending changes', () => {
  it('tell what is and what will be', () => {
    expect([nowOf(settings)('memory'), nextOf(settings)('memory')]).toEqual(['512', '1024'])
    expect([nowOf(settings)('net0'), nextOf(settings)('net0')]).toEqual(['virtio=BC:24:11:00:00:01,bridge=vmbr0', undefined])
    expect([nowOf(settings)('net10'), nextOf(settings)('net10')]).toEqual([undefined, 'e1000,bridge=vmbr1'])
    expect(waiting(settings, ['memory', 'cores', 'net0', 'net2', 'net10', 'absent'])).toEqual(['memory', 'net0', 'net10'])
  })
  it('are counted by number, not by letters', () => {
    expect(family(settings, 'net')).toEqual(['net0', 'net2', 'net10'])
    expect(firstFree(settings, 'net', 32)).toBe(1)
    expect(firstFree(settings, 'net', 1)).toBeUndefined()
  })
})

describe('what a form changes', () => {
  const get = nextOf(settings)
  const slots: Slot[] = [
    { key: 'cores', absent: '1' },
    { key: 'onboot', absent: '0' },
    { key: 'agent', property: 'enabled', absent: '0' },
    { key: 'agent', property: 'type', absent: 'virtio' },
    { key: 'name' },
  ]
  const same = { cores: '2', onboot: '0', 'agent:enabled': '1', 'agent:type': 'isa', name: '' }
  it('is nothing when all is as it was', () => expect(isEmpty(changesOf(slots, same, get))).toBe(true))
  it('removes what goes back to its default', () =>
    expect(parametersOf(changesOf(slots, { ...same, cores: '1' }, get))).toEqual({ delete: 'cores' }))
  it('keeps what it does not know', () =>
    expect(changesOf(slots, { ...same, 'agent:type': 'virtio' }, get).set).toEqual({ agent: '1,x-new=7' }))
  it('changes several parts of one value together', () =>
    expect(changesOf(slots, { ...same, 'agent:type': 'virtio', 'agent:enabled': '0' }, get).set).toEqual({ agent: 'x-new=7' }))
  it('sets what is new', () => expect(changesOf(slots, { ...same, onboot: '1', name: 'web' }, get).set).toEqual({ onboot: '1', name: 'web' }))
})
