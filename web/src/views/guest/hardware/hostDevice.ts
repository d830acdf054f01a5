// What a USB or PCI device of the host is written as, and what a dialog about it holds.
import { parseProperties, printProperties, withProperties } from '../../../lib/property'

export type UsbSource = 'spice' | 'mapping' | 'device' | 'port'

export interface UsbValues extends Record<string, string> {
  source: UsbSource
  mapping: string
  /** `1234:abcd` */
  device: string
  /** `1-2.3` */
  port: string
  usb3: string
}

export function readUsb(value: string): UsbValues {
  const parts = parseProperties(value, 'host')
  const host = parts.get('host') ?? ''
  const mapping = parts.get('mapping') ?? ''
  const source: UsbSource = mapping ? 'mapping' : /^spice$/i.test(host) || host === '' ? 'spice' : host.includes(':') ? 'device' : 'port'
  return { source, mapping, device: source === 'device' ? host.replace(/0x/gi, '') : '', port: source === 'port' ? host : '', usb3: parts.get('usb3') === '1' ? '1' : '0' }
}

export function printUsb({ source, mapping, device, port, usb3 }: UsbValues): string {
  const host = source === 'spice' ? 'spice' : source === 'device' ? device : source === 'port' ? port : undefined
  return printProperties([['host', host], ['mapping', source === 'mapping' ? mapping : undefined], ['usb3', usb3 === '1' ? '1' : undefined]], source === 'mapping' ? undefined : 'host')
}

export interface PciValues extends Record<string, string> {
  source: 'mapping' | 'raw'
  mapping: string
  /** `0000:01:00.0`, or without function for all of them. */
  host: string
  all: string
  mdev: string
}

/** Flags of a passed-through PCI device and what they are when absent. */
export const PCI_FLAGS = { pcie: '0', rombar: '1', 'x-vga': '0', 'legacy-igd': '0' } as const
export const PCI_TEXTS = ['romfile', 'vendor-id', 'device-id', 'sub-vendor-id', 'sub-device-id', 'driver'] as const

export function readPci(value: string): PciValues {
  const parts = parseProperties(value, 'host')
  const host = parts.get('host') ?? ''
  const all = host !== '' && !/\.[0-9a-f]$/i.test(host) && !host.includes(';')
  return {
    source: host ? 'raw' : 'mapping',
    mapping: parts.get('mapping') ?? '',
    host: all ? `${host}.0` : host,
    all: all ? '1' : '0',
    mdev: parts.get('mdev') ?? '',
    ...Object.fromEntries(Object.entries(PCI_FLAGS).map(([name, absent]) => [name, parts.get(name) ?? absent])),
    ...Object.fromEntries(PCI_TEXTS.map((name) => [name, parts.get(name) ?? ''])),
  }
}

/** What the values of a dialog make of a device that was written as `before`. */
export function printPci(values: PciValues, before: string): string {
  const raw = values.source === 'raw'
  const host = values.all === '1' ? values.host.replace(/\.[0-9a-f]$/i, '') : values.host
  const changes: Record<string, string | undefined> = {
    host: raw ? host : undefined,
    mapping: raw ? undefined : values.mapping,
    mdev: values.mdev,
    ...Object.fromEntries(Object.entries(PCI_FLAGS).map(([name, absent]) => [name, values[name] === absent ? undefined : values[name]])),
    ...Object.fromEntries(PCI_TEXTS.map((name) => [name, values[name] || undefined])),
  }
  return printProperties(withProperties(parseProperties(before, 'host'), changes), 'host')
}
