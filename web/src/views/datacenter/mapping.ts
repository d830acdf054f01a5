// Entries of resource mappings: which device or directory of a node a name stands for.
import { parseProperties, printProperties } from '../../lib/property'
import { usbIds, usbPort, type Check, type Mapping, type MappingKind, type PciDevice, type UsbDevice } from '../guest/hardware/mappings'

/** An entry for a directory. */
export const dirEntry = (node: string, path: string) => printProperties([['node', node], ['path', path]])

const short = (id: string) => id.replace(/^0x/, '')

/** An entry for a PCI device, with what tells later that another one sits in its place. */
export function pciEntry(node: string, device: PciDevice): string {
  const { subsystem_vendor: vendor, subsystem_device: sub, iommugroup } = device
  return printProperties([
    ['id', `${short(device.vendor)}:${short(device.device)}`],
    ['iommugroup', iommugroup >= 0 ? String(iommugroup) : undefined],
    ['node', node],
    ['path', device.id],
    ['subsystem-id', vendor && sub ? `${short(vendor)}:${short(sub)}` : undefined],
  ])
}

/** An entry for a USB device: wherever it is plugged in, or only at the port where it is now. */
export const usbEntry = (node: string, device: UsbDevice, atPort: boolean) =>
  printProperties([['id', usbIds(device)], ['node', node], ['path', atPort ? usbPort(device) : undefined]])

export interface Entry {
  node: string
  /** Where it is, or what it is if that says it. */
  what: string
}

export function readEntry(entry: string): Entry {
  const parts = parseProperties(entry)
  return { node: parts.get('node') ?? '', what: [parts.get('path'), parts.get('id')].filter(Boolean).join(', ') }
}

/** Nodes that a mapping has entries for. */
export const nodesOf = ({ map }: Mapping) => [...new Set(map.map((entry) => readEntry(entry).node).filter(Boolean))].sort()

/** What the checks of nodes say, the worst first. `checked` holds the mappings as each node sees them. */
export function verdict(mapping: Mapping, checked: ReadonlyMap<string, readonly Mapping[]>): { node: string; checks: Check[] | undefined }[] {
  return nodesOf(mapping).map((node) => {
    const seen = checked.get(node)?.find(({ id }) => id === mapping.id)
    const found = seen?.checks ?? seen?.error
    return { node, checks: checked.has(node) ? (Array.isArray(found) ? found : []) : undefined }
  })
}

/** What there is of a kind, in words of the API. */
export const KIND_PATH: Record<MappingKind, string> = { pci: '/cluster/mapping/pci', usb: '/cluster/mapping/usb', dir: '/cluster/mapping/dir' }
