// What may be set for a disk.
import { settable } from '../../../api/offers'
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
  const advanced = true
  const on = (has: (bus: Bus) => boolean) => (values: Record<string, string>) => has(busOf(values))
  const name = (max: number) => (value: string) => (/^[\w -]*$/.test(value) && value.length <= max ? undefined : i18n._('At most {max} letters, digits, “-”, “_”', { max }))
  const fields: Field[] = [
    { key, property: 'cache', kind: 'select', label: () => i18n._('Cache'), absent: 'none', choices: CACHES },
    { key, property: 'discard', kind: 'switch', label: () => i18n._('Discard'), on: 'on', off: 'ignore', absent: 'ignore', hint: () => i18n._('Give back what the guest frees') },
    { key, property: 'ssd', kind: 'switch', label: () => i18n._('SSD emulation'), absent: '0', when: on(busHas.ssd) },
    { key, property: 'iothread', kind: 'switch', label: () => i18n._('IO thread'), absent: '0', when: on(busHas.iothread) },
    { key, property: 'backup', kind: 'switch', label: () => i18n._('Backup'), absent: '1', hint: () => i18n._('Part of backups of the guest') },
    { key, property: 'ro', kind: 'switch', label: () => i18n._('Read-only'), absent: '0', when: on(busHas.ro), advanced },
    { key, property: 'replicate', kind: 'switch', label: () => i18n._('Replicate'), absent: '1', advanced },
    { key, property: 'aio', kind: 'select', label: () => i18n._('Asynchronous input/output'), absent: 'default', choices: () => [{ value: 'default', label: i18n._('Default') }, ...['io_uring', 'native', 'threads'].map((value) => ({ value, label: value }))], advanced },
    { key, property: 'detect_zeroes', kind: 'switch', label: () => i18n._('Detect zeroes'), absent: '1', hint: () => i18n._('Writing zeroes takes no room'), advanced },
    { key, property: 'queues', kind: 'number', label: () => i18n._('Request queues'), min: 2, placeholder: () => i18n._('default'), when: on((bus) => bus === 'scsi'), advanced },
    { key, property: 'rerror', kind: 'select', label: () => i18n._('When reading fails'), absent: '', choices: () => REACTIONS(['report', 'ignore', 'stop']), advanced },
    { key, property: 'werror', kind: 'select', label: () => i18n._('When writing fails'), absent: '', choices: () => REACTIONS(['enospc', 'report', 'ignore', 'stop']), advanced },
    { key, property: 'serial', kind: 'text', label: () => i18n._('Serial number'), placeholder: () => i18n._('made up'), check: (value) => (/^[\w.%-]{1,60}$/.test(value) ? undefined : i18n._('At most {max} letters, digits, “-”, “_”', { max: 20 })), advanced },
    { key, property: 'vendor', kind: 'text', label: () => i18n._('Vendor'), check: name(8), when: on((bus) => bus === 'scsi'), advanced },
    { key, property: 'product', kind: 'text', label: () => i18n._('Product'), check: name(16), when: on((bus) => bus === 'scsi'), advanced },
    { key, property: 'model', kind: 'text', label: () => i18n._('Model'), check: name(40), when: on((bus) => bus === 'ide'), advanced },
    { key, property: 'wwn', kind: 'text', label: () => i18n._('World Wide Name'), placeholder: '0x5000c500a0b1c2d3', check: (value) => (/^0x[\da-f]{16}$/i.test(value) ? undefined : i18n._('0x and 16 hexadecimal digits')), when: on((bus) => bus !== 'virtio'), advanced },
    ...limits(key),
  ]
  return fields.filter(({ property }) => settable('scsi0', property) && settable('ide0', property))
}

const REACTIONS = (values: string[]) => [{ value: '', label: i18n._('Default') }, ...values.map((value) => ({ value, label: value }))]

/** How fast a disk may be, on a tab of their own. */
function limits(key: string): Field[] {
  const tab = () => i18n._('Bandwidth')
  const placeholder = () => i18n._('unlimited')
  const rate = (property: string, label: () => string, most: string): Field => ({
    key, property, kind: 'number', label, suffix: property.startsWith('mbps') ? 'MB/s' : undefined, min: property.startsWith('mbps') ? 0.001 : 1, placeholder, tab,
    // A burst is above the limit, a part not above the whole.
    check: (value, values) => {
      const limit = values[`${key}:${most}`]
      return limit && property.includes('_max') && Number(value) < Number(limit) ? i18n._('Not below the limit') : undefined
    },
  })
  return [
    rate('mbps_rd', () => i18n._('Read limit'), ''), rate('mbps_rd_max', () => i18n._('Read burst'), 'mbps_rd'),
    rate('mbps_wr', () => i18n._('Write limit'), ''), rate('mbps_wr_max', () => i18n._('Write burst'), 'mbps_wr'),
    rate('iops_rd', () => i18n._('Read operations a second'), ''), rate('iops_rd_max', () => i18n._('Read operations, burst'), 'iops_rd'),
    rate('iops_wr', () => i18n._('Write operations a second'), ''), rate('iops_wr_max', () => i18n._('Write operations, burst'), 'iops_wr'),
    { ...rate('mbps', () => i18n._('Limit for both'), ''), advanced: true }, { ...rate('mbps_max', () => i18n._('Burst for both'), 'mbps'), advanced: true },
    { ...rate('iops', () => i18n._('Operations a second, both'), ''), advanced: true }, { ...rate('iops_max', () => i18n._('Operations, burst for both'), 'iops'), advanced: true },
    ...(['bps_rd_max_length', 'bps_wr_max_length', 'iops_rd_max_length', 'iops_wr_max_length'] as const).map((property): Field => ({
      key, property, kind: 'number', suffix: 's', min: 1, placeholder: '1', tab, advanced: true, label: () => LENGTHS()[property],
    })),
  ]
}

const LENGTHS = () => ({
  bps_rd_max_length: i18n._('Length of a read burst'),
  bps_wr_max_length: i18n._('Length of a write burst'),
  iops_rd_max_length: i18n._('Length of a burst of reads'),
  iops_wr_max_length: i18n._('Length of a burst of writes'),
})

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
