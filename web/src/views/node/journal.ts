// A log that grows while one looks at it.

export interface Grown {
  lines: readonly string[]
  /** Where it ends; reading goes on from there. */
  place: string
}

/** Lines that are kept. */
export const MOST = 5000

/** Takes an answer of `/nodes/{node}/journal` over: a place, lines, and the place after them. */
export function grow(before: Grown | null, answer: readonly string[]): Grown {
  const place = answer.at(-1) ?? ''
  const lines = answer.slice(1, -1)
  // Without a place to go on from, the same lines come again.
  if (!before?.place) return { lines, place }
  if (lines.length === 0) return before
  return { lines: [...before.lines, ...lines].slice(-MOST), place: place || before.place }
}
