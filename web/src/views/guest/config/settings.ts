// A guest's options with the changes that wait for its next start, and what a form's values change of them.
import { parseProperties, printProperties, withProperties } from '../../../lib/property'

/** A line of `/pending`. */
export interface PendingLine {
  key: string
  /** The value in force. */
  value?: string | number
  /** The value it will have. */
  pending?: string | number
  /** It will be removed; with 2, its data as well. */
  delete?: number
}

export interface Setting {
  /** What is in force; nothing if it is only to come. */
  now?: string
  /** What will be; nothing if it will be removed. */
  next?: string
  /** Whether a change waits. */
  waits: boolean
}

export type Settings = ReadonlyMap<string, Setting>
/** Value of an option, if it has one. */
export type Getter = (key: string) => string | undefined

const text = (value: string | number | undefined) => (value === undefined ? undefined : String(value))

/** The options of a guest. */
export function readSettings(lines: readonly PendingLine[]): Settings {
  return new Map(
    lines.map((line) => {
      const now = text(line.value)
      const removed = Boolean(line.delete)
      const next = removed ? undefined : (text(line.pending) ?? now)
      return [line.key, { now, next, waits: removed || (line.pending !== undefined && next !== now) }]
    }),
  )
}

/** What is in force. */
export const nowOf = (settings: Settings): Getter => (key) => settings.get(key)?.now
/** What will be: that is what dialogs change. */
export const nextOf = (settings: Settings): Getter => (key) => settings.get(key)?.next
/** Which of some options wait for a change. */
export const waiting = (settings: Settings, keys: readonly string[]) => keys.filter((key) => settings.get(key)?.waits)
/** Keys of a family (`net` for net0, net1, …) that have a value, now or to come, by their numbers. */
export function family(settings: Settings, prefix: string): string[] {
  const number = (key: string) => Number(key.slice(prefix.length))
  return [...settings.keys()]
    .filter((key) => key.startsWith(prefix) && /^\d+$/.test(key.slice(prefix.length)))
    .sort((a, b) => number(a) - number(b))
}

/** The smallest number of a family that is free. */
export function firstFree(settings: Settings, prefix: string, count: number): number | undefined {
  for (let index = 0; index < count; index += 1) if (!settings.has(`${prefix}${index}`)) return index
  return undefined
}

/** A field of a form, and the option it shows. */
export interface Slot {
  /** The option. */
  key: string
  /** The part of its property string; the whole value when not given. */
  property?: string
  /** What it means when it is absent; choosing that removes it. */
  absent?: string
}

/** Parts of property strings that are written without their names. */
export const DEFAULT_KEYS: Readonly<Record<string, string>> = {
  agent: 'enabled', 'amd-sev': 'type', boot: 'legacy', cpu: 'cputype', dev: 'path', efidisk: 'file', hostpci: 'host', ide: 'file',
  'intel-tdx': 'type', machine: 'type', memory: 'current', mp: 'volume', rng: 'source', rootfs: 'volume', sata: 'file',
  scsi: 'file', startup: 'order', tpmstate: 'file', unused: 'file', usb: 'host', vga: 'type', virtio: 'file',
  virtiofs: 'dirid', watchdog: 'model',
}

export const defaultKey = (key: string) => DEFAULT_KEYS[key] ?? DEFAULT_KEYS[key.replace(/\d+$/, '')] ?? ''

/** Name of a slot in a form. */
export const slotName = ({ key, property }: Slot) => (property ? `${key}:${property}` : key)

/** What a slot holds; empty when it is absent. */
export function slotValue({ key, property, absent }: Slot, get: Getter): string {
  const value = get(key)
  if (!property) return value ?? absent ?? ''
  return parseProperties(value ?? '', defaultKey(key)).get(property) ?? absent ?? ''
}

export interface Changes {
  set: Record<string, string>
  remove: string[]
}

/** What the values of a form change. What is as it was is not sent, so that nothing is made explicit by looking at it. */
export function changesOf(slots: readonly Slot[], values: Readonly<Record<string, string>>, get: Getter): Changes {
  const wanted = new Map<string, string>()
  for (const slot of slots) {
    const value = values[slotName(slot)] ?? ''
    if (value === slotValue(slot, get)) continue
    const kept = value === slot.absent ? '' : value
    if (slot.property) {
      const before = wanted.get(slot.key) ?? get(slot.key) ?? ''
      const name = defaultKey(slot.key)
      wanted.set(slot.key, printProperties(withProperties(parseProperties(before, name), { [slot.property]: kept }), name))
    } else wanted.set(slot.key, kept)
  }
  const changes: Changes = { set: {}, remove: [] }
  for (const [key, value] of wanted) {
    const before = get(key)
    if (value === (before ?? '')) continue
    if (value !== '') changes.set[key] = value
    else if (before !== undefined) changes.remove.push(key)
  }
  return changes
}

/** Parameters of the change, for `PUT …/config`. */
export function parametersOf({ set, remove }: Changes): Record<string, string> {
  return remove.length === 0 ? set : { ...set, delete: remove.join(',') }
}

export const isEmpty = ({ set, remove }: Changes) => Object.keys(set).length === 0 && remove.length === 0
