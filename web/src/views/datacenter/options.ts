// Settings of the datacenter as forms have them. The API shows structured ones as objects and takes property strings.
import { printProperties } from '../../lib/property'

export type Settings = Readonly<Record<string, unknown>>
export type Structure = Readonly<Record<string, string | undefined>>

/** Settings that this version obeys, in the order in which they are shown. */
export const KNOWN = ['keyboard', 'console', 'language', 'next-id', 'mac_prefix', 'tag-style', 'user-tag-access', 'registered-tags', 'bwlimit', 'max_workers', 'consent-text'] as const
export type Known = (typeof KNOWN)[number]

/** A setting with parts, whether it comes as an object or as text. */
export function structure(value: unknown): Structure {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, String(part)]))
  if (typeof value !== 'string') return {}
  return Object.fromEntries(value.split(',').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]))
}

/** A structured setting as text. */
export const printStructure = (parts: Structure) => printProperties(Object.entries(parts))

/** Settings that are kept in the file but that this version does not obey. */
export const others = (settings: Settings): [string, string][] =>
  Object.entries(settings)
    .filter(([key]) => !(KNOWN as readonly string[]).includes(key) && key !== 'description' && key !== 'allowed-tags')
    .map(([key, value]) => [key, typeof value === 'object' && value !== null ? printStructure(structure(value)) : String(value)])

/** What `bwlimit` limits, in the order in which it is shown. */
export const LIMITS = ['default', 'clone', 'move', 'restore', 'migration'] as const

/** Whether a prefix of hardware addresses has whole bytes and is none of a group. */
export const isMacPrefix = (text: string) => /^[\da-f][02468ace](:[\da-f]{2}){0,2}:?$/i.test(text)

export interface TagColour {
  tag: string
  back: string
  /** Colour of the text; chosen by contrast when empty. */
  text: string
}

/** Reads `tag:RRGGBB[:RRGGBB];…`. */
export function parseColours(map: string | undefined): TagColour[] {
  return (map ?? '').split(';').filter((part) => part !== '').map((part) => {
    const [tag = '', back = '', text = ''] = part.split(':')
    return { tag, back: `#${back}`, text: text && `#${text}` }
  })
}

/** Writes it again. */
export const printColours = (colours: readonly TagColour[]) =>
  colours.map(({ tag, back, text }) => [tag, back, text].filter((part) => part !== '').map((part) => part.replace('#', '')).join(':')).join(';')

/** What is wrong with the colour of a tag, by field. */
export function wrongColour({ tag, back, text }: TagColour): 'tag' | 'back' | 'text' | null {
  if (!/^[a-z0-9_][a-z0-9_\-+.]*$/i.test(tag)) return 'tag'
  if (!/^#[0-9a-f]{6}$/i.test(back)) return 'back'
  return text === '' || /^#[0-9a-f]{6}$/i.test(text) ? null : 'text'
}

/** Bounds of free guest IDs; texts as fields have them. */
export function wrongRange(lower: string, upper: string): { lower?: 'number'; upper?: 'number' | 'order' } {
  const good = (text: string) => text === '' || (/^\d+$/.test(text) && Number(text) >= 100 && Number(text) <= 1_000_000_000)
  if (!good(lower)) return { lower: 'number' }
  if (!good(upper)) return { upper: 'number' }
  return Number(upper || 1_000_000) <= Number(lower || 100) ? { upper: 'order' } : {}
}
