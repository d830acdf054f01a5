// How much of its memory a guest uses.

/**
 * Bytes in use, at most what the guest has. A VM that does not tell is known by its process on the node, which holds more
 * than the guest's memory: 300 % would be no figure of the guest.
 */
export const guestMemory = ({ mem = 0, maxmem }: { mem?: number; maxmem?: number }): number => (maxmem ? Math.min(mem, maxmem) : mem)

/** The same for the figures of a chart. */
export const cappedMemory = <R extends Readonly<Record<string, unknown>>>(rows: readonly R[] | undefined): R[] | undefined =>
  rows?.map((row) => (typeof row.mem === 'number' && typeof row.maxmem === 'number' && row.mem > row.maxmem ? { ...row, mem: row.maxmem } : row))
