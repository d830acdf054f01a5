// Colours of tags: those that the datacenter's options give, else one that follows from the name, the same everywhere.
import { parseProperties } from '../lib/property'

export interface TagStyle {
  caseSensitive: boolean
  /** Background and, if given, text by tag: `#rrggbb`. */
  colours: ReadonlyMap<string, readonly [background: string, text: string | undefined]>
}

export const NO_STYLE: TagStyle = { caseSensitive: false, colours: new Map() }

const HEX = /^[\da-f]{6}$/i

/** Reads option `tag-style` of the datacenter: `color-map=TAG:RRGGBB[:RRGGBB];…`. It comes as text or taken apart. */
export function parseTagStyle(option: unknown): TagStyle {
  const field = (name: string): string => {
    if (typeof option === 'string') return parseProperties(option).get(name) ?? ''
    const value = option && typeof option === 'object' ? (option as Record<string, unknown>)[name] : undefined
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  }
  const colours = new Map<string, readonly [string, string | undefined]>()
  for (const part of field('color-map').split(';')) {
    const [tag = '', background = '', text = ''] = part.split(':')
    if (tag && HEX.test(background)) colours.set(tag, [`#${background}`, HEX.test(text) ? `#${text}` : undefined])
  }
  return { caseSensitive: ['1', 'true', 'on', 'yes'].includes(field('case-sensitive')), colours }
}

/** The hue of a name, degrees (FNV-1a). */
export function hueOf(tag: string): number {
  let hash = 0x811c9dc5
  for (const character of tag) {
    hash ^= character.codePointAt(0) ?? 0
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0) % 360
}

export interface TagColours {
  background: string
  text: string
  dot: string
}

/** Colours of a tag, readable in light and dark. */
export function tagColours(tag: string, style: TagStyle = NO_STYLE): TagColours {
  const given = style.colours.get(tag) ?? (style.caseSensitive ? undefined : style.colours.get(tag.toLowerCase()))
  if (given) {
    const [background, text] = given
    return { background, text: text ?? readableOn(background), dot: background }
  }
  const hue = hueOf(style.caseSensitive ? tag : tag.toLowerCase())
  return {
    background: `light-dark(hsl(${hue} 62% 90%), hsl(${hue} 35% 22%))`,
    text: `light-dark(hsl(${hue} 80% 20%), hsl(${hue} 60% 85%))`,
    dot: `light-dark(hsl(${hue} 60% 45%), hsl(${hue} 55% 62%))`,
  }
}

/** Black or white, whichever is easier to read on a colour `#rrggbb`. */
export function readableOn(background: string): string {
  const channel = (at: number) => {
    const share = Number.parseInt(background.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
  return luminance > 0.179 ? '#000000' : '#ffffff'
}
