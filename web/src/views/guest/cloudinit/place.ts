// Where in a text an error is, by what it says.

export interface Place {
  /** From 1 on. */
  line: number
  /** From 1 on; nothing if only the line is known. */
  column?: number
}

/** Reads the place out of a message such as `… at line 4 column 2` or `line 3: …`. */
export function placeOf(message: string): Place | undefined {
  const found = /\bline (?<line>\d+)(?:,? column (?<column>\d+))?/.exec(message)?.groups
  if (!found) return undefined
  return { line: Number(found.line), column: found.column === undefined ? undefined : Number(found.column) }
}

/** The part of a text that a place means: its line, from the column on. As offsets; nothing if there is no such line. */
export function spanOf(text: string, { line, column }: Place): readonly [from: number, to: number] | undefined {
  const lines = text.split('\n')
  const own = lines[line - 1]
  if (own === undefined) return undefined
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return [start + Math.min(own.length, Math.max(0, (column ?? 1) - 1)), start + own.length]
}
