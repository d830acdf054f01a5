// What may be set for a disk.
import { i18n } from '../../../i18n'
import type { Field } from '../config/fields'
import { BUSES, busHas, freePlaces, type Bus } from './drives'
import type { Settings } from '../config/settings'

const CACHES = () => [
  { value: 'none', label: i18n._('Default (no cache)') },
  { value: 'writeback', label: 'Write back' },
  { value: 'writethrough', label: 'Write through' },
  { value: 'directsync', label: 'Direct sync' },
  { value: 'unsafe', label: i18n._('Write back (unsafe)') },
]

type BusOf = (values: Record<string, string>) => Bus

/** Fields of a disk at `key`; `busOf` says where it hangs, by the other values of the form. */
export function diskFields(key: string, busOf: BusOf): Field[] {
  const rates: [string, () => string][] = [
    ['mbps_rd', () => i18n._('Read limit')],
    ['mbps_wr', () => i18n._('Write limit')],
  ]
  const operations: [string, () => string][] = [
    ['iops_rd', () => i18n._('Read operations a second')],
    ['iops_wr', () => i18n._('Write operations a second')],
  ]
  return [
    { key, property: 'cache', kind: 'select', label: () => i18n._('Cache'), absent: 'none', choices: CACHES },
    { key, property: 'discard', kind: 'switch', label: () => i18n._('Discard'), on: 'on', off: 'ignore', absent: 'ignore', hint: () => i18n._('Give back what the guest frees') },
    { key, property: 'ssd', kind: 'switch', label: () => i18n._('SSD emulation'), absent: '0', when: (values) => busHas.ssd(busOf(values)) },
    { key, property: 'iothread', kind: 'switch', label: () => i18n._('IO thread'), absent: '0', when: (values) => busHas.iothread(busOf(values)) },
    { key, property: 'backup', kind: 'switch', label: () => i18n._('Backup'), absent: '1', hint: () => i18n._('Part of backups of the guest') },
    { key, property: 'ro', kind: 'switch', label: () => i18n._('Read-only'), absent: '0', when: (values) => busHas.ro(busOf(values)), advanced: true },
    { key, property: 'replicate', kind: 'switch', label: () => i18n._('Replicate'), absent: '1', advanced: true },
    { key, property: 'aio', kind: 'select', label: () => i18n._('Asynchronous input/output'), absent: 'default', choices: () => [{ value: 'default', label: i18n._('Default') }, 'io_uring', 'native', 'threads'].map((one) => (typeof one === 'string' ? { value: one, label: one } : one)), advanced: true },
    ...rates.map<Field>(([property, label]) => ({ key, property, kind: 'number', label, suffix: 'MB/s', min: 1, placeholder: () => i18n._('unlimited'), advanced: true })),
    ...operations.map<Field>(([property, label]) => ({ key, property, kind: 'number', label, min: 10, placeholder: () => i18n._('unlimited'), advanced: true })),
  ]
}

const BUS_NAMES: Record<Bus, string> = { scsi: 'SCSI', virtio: 'VirtIO Block', sata: 'SATA', ide: 'IDE' }

/** Fields that say where a drive hangs. */
export function placeFields(settings: Settings, buses: readonly Bus[]): Field[] {
  const choices = buses.filter((bus) => freePlaces(settings, bus).length > 0).map((value) => ({ value, label: BUS_NAMES[value] }))
  return [
    { key: 'bus', kind: 'select', label: () => i18n._('Bus'), choices },
    {
      key: 'index', kind: 'number', label: () => i18n._('Device number'), min: 0, required: true,
      check: (value, values) => {
        const bus = values.bus as Bus
        if (Number(value) >= BUSES[bus]) return i18n._('At most {max}', { max: BUSES[bus] - 1 })
        return settings.has(`${bus}${value}`) ? i18n._('{device} is in use', { device: `${bus}${value}` }) : undefined
      },
    },
  ]
}
