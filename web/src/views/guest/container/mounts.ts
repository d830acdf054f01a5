// Mount points of a container: volumes of storages, and directories or devices of the node, that appear inside.
import { parseProperties, printProperties, type Properties } from '../../../lib/property'

/** Numbers of mount points that there can be. */
export const MOUNT_POINTS = 256

/** Options of a mount that `mount` knows. */
export const MOUNT_OPTIONS = ['discard', 'lazytime', 'noatime', 'nodev', 'noexec', 'nosuid'] as const

/** Reads a mount point. What it shows is under `volume`. */
export const readMount = (value: string): Properties => parseProperties(value, 'volume')

/** Whether it shows a directory or device of the node, not a volume of a storage. */
export const isOfHost = (value: string) => readMount(value).get('volume')?.startsWith('/') ?? false

export interface NewMount extends Record<string, string> {
  kind: 'volume' | 'bind'
  storage: string
  /** GiB. */
  size: string
  /** Directory of the node. */
  source: string
  /** Where it appears inside. */
  mp: string
}

/** What is wrong with a path, if anything. */
export type PathProblem = 'relative' | 'up' | 'root' | 'comma'

export function pathProblem(path: string): PathProblem | undefined {
  if (!path.startsWith('/')) return 'relative'
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length === 0) return 'root'
  if (parts.includes('..')) return 'up'
  return path.includes(',') ? 'comma' : undefined
}

/** The value of a new mount point. `rest` are its options as a property string. */
export function printMount({ kind, storage, size, source, mp }: NewMount, rest: string | undefined): string {
  const options = [...parseProperties(rest ?? '', 'volume')].filter(([key]) => key !== 'volume' && key !== 'mp')
  return printProperties([['volume', kind === 'bind' ? source : `${storage}:${size}`], ['mp', mp], ...options], 'volume')
}
