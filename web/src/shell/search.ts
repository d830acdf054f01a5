// What one means by a few letters: ranks resources and named actions. Nothing is drawn here.
import type { Known } from './places'
import { tagsOf } from './tree'

/** How well a word fits a text: 0 not at all; the beginning is worth more than the middle. */
export function fit(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at < 0) return 0
  if (text.length === word.length) return 100
  if (at === 0) return 70
  return /[\s\-_./:()]/.test(text[at - 1] ?? '') ? 50 : 30
}

/** The best fit of a word to any of some texts. */
const best = (texts: readonly string[], word: string) => texts.reduce((most, text) => Math.max(most, fit(text, word)), 0)

/** How well all words fit; 0 when one does not fit at all. */
export function score(texts: readonly string[], words: readonly string[]): number {
  let sum = 0
  for (const word of words) {
    const points = best(texts, word)
    if (points === 0) return 0
    sum += points
  }
  return sum
}

interface Found {
  id: string
  name: string
  tags: readonly string[]
}

/** What a row is found by. Rows are never changed, so it is made once for each. */
const found = new WeakMap<Known, Found>()

function foundBy(row: Known): Found {
  let by = found.get(row)
  if (!by) {
    by = {
      id: row.vmid === undefined ? '' : String(row.vmid),
      name: (row.name ?? row.storage ?? (row.type === 'pool' ? row.pool : row.type === 'node' ? row.node : '') ?? '').toLowerCase(),
      tags: tagsOf(row.tags?.toLowerCase()),
    }
    found.set(row, by)
  }
  return by
}

/** How well a resource is meant. Its ID and name count for more than where it is. */
function scoreRow(row: Known, words: readonly string[]): number {
  const { id, name, tags } = foundBy(row)
  let sum = 0
  for (const word of words) {
    const points = Math.max(fit(id, word), fit(name, word), best(tags, word) / 2, row.type === 'storage' ? fit(row.node ?? '', word) / 4 : 0)
    if (points === 0) return 0
    sum += points
  }
  return sum
}

/** The resources that are meant the most, best first. */
export function findRows(rows: readonly Known[], words: readonly string[], limit: number, wanted: (row: Known) => boolean): Known[] {
  if (words.length === 0) return []
  const good: [points: number, row: Known][] = []
  for (const row of rows) {
    if (!wanted(row)) continue
    const points = scoreRow(row, words)
    if (points > 0) good.push([points, row])
  }
  good.sort(([a, one], [b, other]) => b - a || (one.vmid ?? 0) - (other.vmid ?? 0) || one.id.localeCompare(other.id))
  return good.slice(0, limit).map(([, row]) => row)
}

/** Something that can be done, by what it is called. */
export interface Named {
  label: string
  /** Other words by which it is found. */
  also?: string
}

/** Actions that are meant, best first; all when nothing was typed. */
export function findNamed<T extends Named>(all: readonly T[], words: readonly string[], limit: number): T[] {
  if (words.length === 0) return all.slice(0, limit)
  return all
    .map((one): [number, T] => [score([one.label.toLowerCase(), ...(one.also ? one.also.toLowerCase().split(' ') : [])], words), one])
    .filter(([points]) => points > 0)
    .sort(([a], [b]) => b - a)
    .slice(0, limit)
    .map(([, one]) => one)
}

/**
 * Splits "start web 1" into what is to be done and with what: the words that begin a name of an action, if others
 * are left. Answers all ways of doing so, so that a guest called "start" is found, too.
 */
export function asCommand(words: readonly string[], verbs: readonly string[]): { verb: string; rest: string[] }[] {
  if (words.length < 2) return []
  return words.flatMap((word, at) =>
    verbs.filter((verb) => verb.toLowerCase().startsWith(word)).map((verb) => ({ verb, rest: words.filter((_, index) => index !== at) })))
}
