import { describe, expect, it } from 'vitest'
import type { Guest, Resource } from '../../api/resources'
import { countGuests, findings, totals } from './health'

const row = (part: Partial<Resource> & { id: string }): Resource => ({ type: part.id.split('/')[0] ?? '', ...part })

describe('findings', () => {
  it('are none where all is well', () => {
    expect(findings([
      row({ id: 'node/n1', status: 'online', disk: 1, maxdisk: 10 }),
      row({ id: 'storage/n1/local', status: 'available', disk: 5, maxdisk: 10 }),
      row({ id: 'qemu/100', vmid: 100, status: 'stopped' }),
    ])).toEqual([])
  })
  it('name what is wrong, the worst first', () => {
    const found = findings([
      row({ id: 'qemu/100', vmid: 100, status: 'running', lock: 'clone' }),
      row({ id: 'storage/n1/a', storage: 'a', status: 'available', disk: 91, maxdisk: 100 }),
      row({ id: 'storage/n1/b', storage: 'b', status: 'unknown' }),
      row({ id: 'node/n2', node: 'n2', status: 'offline' }),
    ])
    expect(found.map(({ id, kind, severity }) => [id, kind, severity])).toEqual([
      ['node/n2', 'node-offline', 'error'],
      ['storage/n1/b', 'storage-inactive', 'error'],
      ['qemu/100', 'guest-locked', 'warning'],
      ['storage/n1/a', 'storage-full', 'warning'],
    ])
  })
  it('tell of a full shared storage once', () => {
    const full = { storage: 's', status: 'available', shared: 1 as const, disk: 99, maxdisk: 100 }
    expect(findings([row({ id: 'storage/n1/s', ...full }), row({ id: 'storage/n2/s', ...full })])).toHaveLength(1)
  })
})

it('guests are counted by kind and state; templates apart', () => {
  const guest = (type: 'qemu' | 'lxc', status: string, template?: 1) => ({ id: '', type, status, template, vmid: 1, node: 'n' }) as Guest
  const counts = countGuests([guest('qemu', 'running'), guest('qemu', 'stopped', 1), guest('qemu', 'paused'), guest('lxc', 'stopped'), guest('lxc', 'odd')])
  expect(counts.qemu).toEqual({ running: 1, paused: 1, stopped: 0, template: 1, unknown: 0 })
  expect(counts.lxc).toEqual({ running: 0, paused: 0, stopped: 1, template: 0, unknown: 1 })
})

it('totals count what can be used, once', () => {
  const sum = totals([
    row({ id: 'node/n1', status: 'online', cpu: 0.5, maxcpu: 4, mem: 1, maxmem: 4 }),
    row({ id: 'node/n2', status: 'offline', maxcpu: 64 }),
    row({ id: 'storage/n1/s', storage: 's', status: 'available', shared: 1, disk: 1, maxdisk: 10 }),
    row({ id: 'storage/n2/s', storage: 's', status: 'available', shared: 1, disk: 1, maxdisk: 10 }),
    row({ id: 'storage/n1/l', storage: 'l', status: 'available', disk: 2, maxdisk: 20 }),
    row({ id: 'storage/n1/x', storage: 'x', status: 'unknown', disk: 2, maxdisk: 20 }),
  ])
  expect(sum).toEqual({ cores: 4, cpu: 2, mem: 1, maxmem: 4, disk: 3, maxdisk: 30 })
})
