// What a table shows, and in which order. Nothing is drawn here.
import type { ReactNode } from 'react'

/** What a cell is drawn from. */
export interface Cell<T> {
  row: { original: T }
  getValue: () => unknown
}

export interface Column<T> {
  id: string
  header: ReactNode | (() => ReactNode)
  /** What the column sorts and searches by; what it shows when there is no `cell`. */
  accessorFn?: (row: T) => unknown
  cell?: (cell: Cell<T>) => ReactNode
  /** Columns with values sort by them, unless this says no. */
  enableSorting?: boolean
  /** Width in px; what has none shares the rest. */
  width?: number
  /** Its share of the room that is left: `width` is the least then. */
  grow?: number
  /** Right-aligned figures. */
  numeric?: boolean
}

export interface Sort {
  id: string
  desc: boolean
}

const collators = new Map<string, Intl.Collator>()

/** Order of words in a language; figures in them count as numbers. */
function collator(language: string): Intl.Collator {
  let known = collators.get(language)
  if (!known) {
    known = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
    collators.set(language, known)
  }
  return known
}

const isNothing = (value: unknown) => value === undefined || value === null || value === ''

/** Text for which the order of its codes is that of every language. */
const PLAIN = /^[ -~]*$/

/** Plain text whose figures have the same length in all: it compares as numbers do. */
const padded = (text: string) => text.toLowerCase().replaceAll(/\d+/g, (figures) => figures.padStart(12, '0'))

/** Values that compare by `<`, which is much faster than asking a collator; `null` when only that knows their order. */
function plainKeys(values: readonly unknown[]): (string | number)[] | null {
  const keys: (string | number)[] = []
  for (const value of values) {
    if (typeof value === 'string' && !PLAIN.test(value)) return null
    const key = typeof value === 'string' ? padded(value) : typeof value === 'boolean' ? Number(value) : value
    if (typeof key !== 'number' && typeof key !== 'string') return null
    if (keys.length > 0 && typeof key !== typeof keys[0]) return null
    keys.push(key)
  }
  return keys
}

/** Rows by a column's values; rows without one come last either way. Equal ones stay in their order. */
export function sorted<T>(rows: readonly T[], value: ((row: T) => unknown) | undefined, desc: boolean, language = 'en'): readonly T[] {
  if (!value) return rows
  const some: { row: T; value: unknown }[] = []
  const none: T[] = []
  for (const row of rows) {
    const own = value(row)
    if (isNothing(own)) none.push(row)
    else some.push({ row, value: own })
  }
  const keys = plainKeys(some.map((one) => one.value))
  if (keys) for (const [at, one] of some.entries()) one.value = keys[at]
  const { compare } = collator(language)
  const up = keys
    ? (a: unknown, b: unknown) => ((a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0)
    : (a: unknown, b: unknown) => (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)))
  some.sort((a, b) => (desc ? up(b.value, a.value) : up(a.value, b.value)))
  return [...some.map((one) => one.row), ...none]
}

/** Rows of which some column holds a text, whatever its case. */
export function holding<T>(rows: readonly T[], columns: readonly Column<T>[], text: string): readonly T[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return rows
  const values = columns.flatMap((column) => (column.accessorFn ? [column.accessorFn] : []))
  return rows.filter((row) => values.some((value) => String(value(row) ?? '').toLowerCase().includes(wanted)))
}

/** The order that a click on a column's head asks for: words from the first, figures from the most, then the other way, then none. */
export function turned(sort: readonly Sort[], id: string, figures = false): Sort[] {
  const now = sort.find((one) => one.id === id)
  if (!now) return [{ id, desc: figures }]
  return now.desc === figures ? [{ id, desc: !figures }] : []
}
