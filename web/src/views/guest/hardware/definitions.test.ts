import { describe, expect, it } from 'vitest'
import { i18n } from '../../../i18n'
import { rowOf } from '../config/rows'
import { readSettings, type PendingLine } from '../config/settings'
import type { Guest } from '../../../api/resources'
import { hardwareOf } from './definitions'

const HARDWARE = hardwareOf({ id: 'qemu/100', type: 'qemu', vmid: 100, node: 'n1' } as Guest)

const row = (id: string, ...lines: PendingLine[]) => {
  const definition = HARDWARE.find((one) => one.id === id)
  if (!definition) throw new Error(id)
  return rowOf(definition, readSettings(lines))
}

describe('lines of the hardware table', () => {
  it('say what holds when nothing is set', () => {
    const now = Object.fromEntries(HARDWARE.map(({ id }) => [id, row(id).now]))
    expect(now).toMatchObject({ memory: '512 MiB', bios: 'Default (SeaBIOS)', machine: 'Default (i440fx)', display: 'Default', scsihw: 'LSI 53C895A' })
    expect(now.processors).toContain('kvm64')
  })
  it('show both values while a change waits', () => {
    expect(row('memory', { key: 'memory', value: '1024', pending: '2048' }, { key: 'balloon', value: 512 })).toMatchObject({ now: '512–1024 MiB', next: '512–2048 MiB', waits: ['memory'], goes: false })
    expect(row('bios', { key: 'bios', value: 'ovmf', delete: 1 })).toMatchObject({ now: 'OVMF (UEFI)', next: 'Default (SeaBIOS)', goes: false })
  })
  it('count processors', () => {
    expect(i18n.locale).toBe('en')
    expect(row('processors', { key: 'sockets', value: 2 }, { key: 'cores', value: 4 }, { key: 'cpu', value: 'cputype=host,flags=+aes' }, { key: 'numa', value: 1 }).now).toBe('8 processors (2 sockets, 4 cores; host; NUMA)')
  })
})
