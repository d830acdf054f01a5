// Drives of a VM: where they hang, which places are free, and what their property strings say.
import { parseProperties, printProperties, withProperties, type Properties } from '../../../lib/property'
import { family, type Settings } from '../config/settings'

export const BUSES = { scsi: 31, virtio: 16, sata: 6, ide: 4 } as const
export type Bus = keyof typeof BUSES

/** Bus and number of a drive's key. */
export function driveId(key: string): { bus: Bus; index: number } | undefined {
  const found = /^(scsi|virtio|sata|ide)(\d+)$/.exec(key)
  return found ? { bus: found[1] as Bus, index: Number(found[2]) } : undefined
}

/** Reads a drive. Its volume is under `file`. */
export const readDrive = (value: string): Properties => parseProperties(value, 'file')

export const isCdrom = (value: string | undefined) => value !== undefined && readDrive(value).get('media') === 'cdrom'

/** Whether a drive carries what cloud-init reads. */
export const isCloudInit = (value: string | undefined) => value !== undefined && /^[^:,]+:([^,]*\/)?(vm-\d+-cloudinit|cloudinit)\b/.test(readDrive(value).get('file') ?? '')

/** A drive's value with some properties changed. */
export const changeDrive = (value: string, changes: Record<string, string | undefined>) =>
  printProperties(withProperties(readDrive(value), changes), 'file')

/** Drives by bus, in the order in which administrators look for them. */
export const drives = (settings: Settings): string[] => (['ide', 'sata', 'scsi', 'virtio'] as const).flatMap((bus) => family(settings, bus))

/** Free numbers of a bus. */
export function freePlaces(settings: Settings, bus: Bus): number[] {
  return Array.from({ length: BUSES[bus] }, (_, index) => index).filter((index) => !settings.has(`${bus}${index}`))
}

/** What may be set for a drive on a bus. */
export const busHas = {
  iothread: (bus: Bus) => bus === 'scsi' || bus === 'virtio',
  ssd: (bus: Bus) => bus !== 'virtio',
  ro: (bus: Bus) => bus === 'scsi' || bus === 'virtio',
} as const

/** The bus that a new disk gets if nothing else is asked for: the one that the disks have. */
export function usualBus(settings: Settings): Bus {
  const disk = drives(settings).find((key) => !isCdrom(settings.get(key)?.next))
  return (disk && driveId(disk)?.bus) || 'scsi'
}

export interface Nic {
  model: string
  mac: string
  rest: Properties
}

const MODEL = /^(e1000(-\w+|e)?|i82\w+|ne2k_\w+|pcnet|rtl8139|virtio|vmxnet3)$/

/** Reads a VM's network device: `virtio=MAC,bridge=…`, or with `model=` and `macaddr=`. */
export function readNic(value: string): Nic {
  const rest = parseProperties(value, 'model')
  let model = rest.get('model') ?? ''
  let mac = rest.get('macaddr') ?? ''
  for (const [key, address] of rest) {
    if (!MODEL.test(key)) continue
    model = key
    mac = address
    rest.delete(key)
  }
  rest.delete('model')
  rest.delete('macaddr')
  return { model, mac, rest }
}

/** Writes it; an empty address lets the node make one up. */
export const printNic = ({ model, mac, rest }: Nic) => printProperties([[mac ? model : '', mac || model], ...rest], '')

/** Devices that a VM can boot from, and which of them it does, in order. */
export function bootOrder(settings: Settings): { key: string; on: boolean }[] {
  const there = [...drives(settings), ...family(settings, 'net')].filter((key) => settings.get(key)?.next !== undefined)
  const value = parseProperties(settings.get('boot')?.next ?? '', 'legacy')
  const order = value.get('order')
  const on = order === undefined ? legacyOrder(settings, value.get('legacy'), there) : order.split(/[;,\s]+/).filter((key) => there.includes(key))
  return [...on.map((key) => ({ key, on: true })), ...there.filter((key) => !on.includes(key)).map((key) => ({ key, on: false }))]
}

/** What the old letters mean: c for the boot disk, d for CD-ROMs, n for the network. */
function legacyOrder(settings: Settings, letters = 'cdn', there: string[]): string[] {
  const disk = settings.get('bootdisk')?.next ?? there.find((key) => driveId(key) && !isCdrom(settings.get(key)?.next))
  const of: Record<string, string[]> = {
    c: disk && there.includes(disk) ? [disk] : [],
    d: there.filter((key) => isCdrom(settings.get(key)?.next)).slice(0, 1),
    n: there.filter((key) => key.startsWith('net')).slice(0, 1),
  }
  return [...letters].flatMap((letter) => of[letter] ?? [])
}

/** The option for an order. */
export const printBoot = (order: readonly { key: string; on: boolean }[]) =>
  `order=${order.filter((one) => one.on).map((one) => one.key).join(';')}`
