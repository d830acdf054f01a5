// What was typed into the monitor and what it answered, and the way back to what was typed before.
export interface Exchange {
  command: string
  answer: string
  failed?: boolean
}

/** Exchanges that are kept. */
const KEPT = 200

export const withExchange = (all: readonly Exchange[], one: Exchange): Exchange[] => [...all.slice(1 - KEPT), one]

/** The command at a place in the history, counted back from now; what is being typed is at 0. */
export function recalled(all: readonly Exchange[], back: number): string {
  const commands = all.map(({ command }) => command).filter((command, at, list) => command !== list[at - 1])
  return back === 0 ? '' : (commands[Math.max(0, commands.length - back)] ?? '')
}

/** How far back one can go. */
export const depth = (all: readonly Exchange[]) => all.filter(({ command }, at) => command !== all[at - 1]?.command).length
