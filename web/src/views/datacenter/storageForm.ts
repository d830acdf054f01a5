// Storages as forms have them, and as the API takes them.
import { printProperties } from '../../lib/property'
import { isDirectory, isStorageName, words } from './names'
import { hasSetting, KINDS, ownOf } from './storageTypes'

/** Kinds of content, in the order in which they are offered. */
export const CONTENTS = ['images', 'rootdir', 'iso', 'vztmpl', 'backup', 'snippets', 'import'] as const
export type Content = (typeof CONTENTS)[number]

/** Rules of what to keep, in the order in which they apply. */
export const KEEPS = ['keep-last', 'keep-hourly', 'keep-daily', 'keep-weekly', 'keep-monthly', 'keep-yearly'] as const
export type Keep = (typeof KEEPS)[number]

export interface StorageValues extends Record<string, unknown> {
  storage: string
  type: string
  /** What only its type has: text, or `1` for what is switched on. */
  own: Record<string, string>
  path: string
  content: string[]
  nodes: string[]
  enabled: boolean
  shared: boolean
  format: string | null
  preallocation: string | null
  /** `no`, `yes`, or the path that must be mounted. */
  mountpoint: string
  'create-base-path': boolean
  'create-subdirs': boolean
  'keep-all': boolean
  keep: Record<Keep, string>
  'max-protected-backups': string
}

export type Config = Readonly<Record<string, unknown>>

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
const yes = (value: unknown, otherwise: boolean) => (value === undefined ? otherwise : ['1', 'yes', 'on', 'true'].includes(String(value)))

/** Which backups are kept, by rule. */
function keepOf(value: unknown): Map<string, string> {
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : text(value).split(',').map((part) => part.split('=') as [string, string?])
  return new Map(pairs.filter(([key]) => key !== '').map(([key, count]) => [String(key), text(count)]))
}

/** The form of a storage that there is, or of a new one. */
export function valuesOf(config: Config = {}): StorageValues {
  const keep = keepOf(config['prune-backups'])
  const mkdir = yes(config.mkdir, true)
  const type = text(config.type) || 'dir'
  return {
    storage: text(config.storage),
    type,
    own: Object.fromEntries(ownOf(type).map(({ name, kind }) => [name, kind === 'switch' ? (yes(config[name], false) ? '1' : '') : text(config[name])])),
    path: text(config.path),
    content: config.storage === undefined ? ['images', 'rootdir'] : words(text(config.content)).filter((one) => one !== 'none'),
    nodes: words(text(config.nodes)),
    enabled: !yes(config.disable, false),
    shared: yes(config.shared, false),
    format: text(config.format) || null,
    preallocation: text(config.preallocation) || null,
    mountpoint: text(config.is_mountpoint) || 'no',
    'create-base-path': yes(config['create-base-path'], mkdir),
    'create-subdirs': yes(config['create-subdirs'], mkdir),
    'keep-all': keep.size === 0 || keep.get('keep-all') === '1',
    keep: Object.fromEntries(KEEPS.map((rule) => [rule, keep.get(rule) ?? ''])) as Record<Keep, string>,
    'max-protected-backups': text(config['max-protected-backups']),
  }
}

/** The same wish for a storage of another type: what that does not have is at its default. */
export function ofType(values: StorageValues, type: string): StorageValues {
  const kept = KINDS[type]?.contents
  return { ...values, type, own: valuesOf({ type }).own, content: kept ? values.content.filter((one) => kept.includes(one)) : values.content, format: null }
}

/** What is wrong, by field. */
export type Wrong = 'name' | 'path' | 'empty' | 'number' | 'none' | 'mountpoint' | 'needed'

export function wrongStorage(values: StorageValues, isNew: boolean): Record<string, Wrong> {
  const wrong: Record<string, Wrong> = {}
  if (isNew && !isStorageName(values.storage)) wrong.storage = 'name'
  if (isNew && hasSetting(values.type, 'path') && !isDirectory(values.path)) wrong.path = values.path === '' ? 'empty' : 'path'
  for (const { name, required } of ownOf(values.type)) if (required && !values.own[name]?.trim()) wrong[`own.${name}`] = 'needed'
  if (!['yes', 'no'].includes(values.mountpoint) && !isDirectory(values.mountpoint)) wrong.mountpoint = 'mountpoint'
  if (!values['keep-all']) {
    for (const rule of KEEPS) if (!/^\d*$/.test(values.keep[rule])) wrong[`keep.${rule}`] = 'number'
    if (KEEPS.every((rule) => Number(values.keep[rule] || 0) === 0) && Object.keys(wrong).length === 0) wrong['keep.keep-last'] = 'none'
  }
  if (!/^(-1|\d*)$/.test(values['max-protected-backups'])) wrong['max-protected-backups'] = 'number'
  return wrong
}

const pruned = (values: StorageValues) =>
  values['keep-all'] ? 'keep-all=1' : printProperties(KEEPS.map((rule) => [rule, Number(values.keep[rule]) > 0 ? values.keep[rule] : undefined] as const))

/** All settings as the API has them; what is `undefined` is at its default, or unknown to its type. */
export function settingsOf(values: StorageValues): Record<string, string | number | undefined> {
  const has = (setting: Parameters<typeof hasSetting>[1]) => hasSetting(values.type, setting)
  return {
    content: values.content.length === 0 ? 'none' : values.content.join(','),
    nodes: values.nodes.join(',') || undefined,
    disable: values.enabled ? undefined : 1,
    ...Object.fromEntries(ownOf(values.type).map(({ name }) => [name, values.own[name]?.trim() || undefined])),
    ...(has('shared') && { shared: values.shared ? 1 : undefined }),
    ...(has('format') && { format: values.format ?? undefined }),
    ...(has('preallocation') && { preallocation: values.preallocation ?? undefined }),
    ...(has('mountpoint') && { is_mountpoint: values.mountpoint === 'no' ? undefined : values.mountpoint }),
    ...(has('directories') && {
      'create-base-path': values['create-base-path'] ? undefined : 0,
      'create-subdirs': values['create-subdirs'] ? undefined : 0,
    }),
    ...(has('retention') && { 'prune-backups': pruned(values), 'max-protected-backups': values['max-protected-backups'] || undefined }),
  }
}

/** What to send for a new storage. */
export const created = (values: StorageValues) => ({
  storage: values.storage,
  type: values.type,
  ...(hasSetting(values.type, 'path') && { path: values.path }),
  ...Object.fromEntries(Object.entries(settingsOf(values)).filter(([, value]) => value !== undefined)),
})

/** What to send for a changed one: only what changed, and the names of what goes back to its default. */
export function changes(before: StorageValues, after: StorageValues): Record<string, string | number> {
  const [old, now] = [settingsOf(before), settingsOf(after)]
  const changed: Record<string, string | number> = {}
  const gone: string[] = []
  for (const [key, value] of Object.entries(now)) {
    if (value === old[key]) continue
    if (value === undefined) gone.push(key)
    else changed[key] = value
  }
  // The old option for both stands in the way of either.
  if ('create-base-path' in changed || 'create-subdirs' in changed || gone.some((key) => key.startsWith('create-'))) {
    for (const key of ['create-base-path', 'create-subdirs'] as const) changed[key] = after[key] ? 1 : 0
    return { ...changed, ...(gone.filter((key) => !key.startsWith('create-')).length > 0 && { delete: gone.filter((key) => !key.startsWith('create-')).join(',') }) }
  }
  if (gone.length > 0) changed.delete = gone.join(',')
  return changed
}
