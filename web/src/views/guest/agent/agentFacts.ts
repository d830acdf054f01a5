// What the agent in a VM says, and what it is told.

/** The agent itself: which commands it takes. */
export interface AgentInfo {
  version: string
  supported_commands?: { name: string; enabled: boolean }[]
}

export interface FileSystem {
  name: string
  mountpoint: string
  type: string
  'used-bytes'?: number
  'total-bytes'?: number
  disk?: { serial?: string; dev?: string; 'bus-type'?: string; target?: number; unit?: number }[]
}

export interface LoggedIn {
  user: string
  domain?: string
  /** Seconds since the epoch. */
  'login-time': number
}

export interface OsInfo {
  id?: string
  name?: string
  'pretty-name'?: string
  version?: string
  machine?: string
  'kernel-release'?: string
  'kernel-version'?: string
}

export interface Processor {
  'logical-id': number
  online: boolean
  'can-offline'?: boolean
}

/** How a program that was started is doing. */
export interface Ran {
  exited: boolean | number
  exitcode?: number
  signal?: number
  'out-data'?: string
  'err-data'?: string
  'out-truncated'?: boolean | number
  'err-truncated'?: boolean | number
}

/** Whether the agent takes a command (`exec`); unknown until it said what it takes. */
export function takes(info: AgentInfo | undefined, command: string): boolean {
  return info?.supported_commands?.some(({ name, enabled }) => name === `guest-${command}` && enabled) ?? false
}

/** What runs a line that was typed. */
export const INTERPRETERS = ['sh', 'powershell', 'cmd', 'none'] as const
export type Interpreter = (typeof INTERPRETERS)[number]

/** The interpreter that a system has for sure. */
export const usual = (os: OsInfo | undefined): Interpreter => (os?.id === 'mswindows' ? 'powershell' : 'sh')

/** A program with its arguments. */
export function argv(interpreter: Interpreter, typed: string): string[] {
  switch (interpreter) {
    case 'sh': return ['/bin/sh', '-c', typed]
    case 'powershell': return ['powershell.exe', '-NonInteractive', '-Command', typed]
    case 'cmd': return ['cmd.exe', '/c', typed]
    case 'none': return split(typed)
  }
}

/** Words of a line; quotes keep blanks together, and a backslash keeps what follows except in single quotes. */
export function split(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] as string
    if (sign === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1
      word = (word ?? '') + line[at]
    } else if (quote !== '') {
      if (sign === quote) quote = ''
      else word = (word ?? '') + sign
    } else if (sign === '"' || sign === "'") {
      quote = sign
      word ??= ''
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + sign
  }
  if (word !== null) words.push(word)
  return words
}

/** How many bytes a trim gave back, as far as the guest says. */
export function trimmed(answer: unknown): number {
  const paths = (answer as { paths?: { trimmed?: number }[] } | null)?.paths ?? []
  return paths.reduce((sum, { trimmed: bytes }) => sum + (bytes ?? 0), 0)
}

/** What the agent calls local time: hours east of Greenwich. */
export function zone(answer: { zone?: string; offset?: number } | undefined): string {
  if (!answer) return ''
  const minutes = Math.round((answer.offset ?? 0) / 60)
  const two = (n: number) => String(n).padStart(2, '0')
  const text = `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
  return answer.zone ? `${answer.zone} (${text})` : text
}

/** Most bytes that the API writes into a file at once. */
export const MOST_WRITTEN = 61_440

/** Whether a text that was read is not the bytes that there were. */
export const isBinary = (text: string) => text.includes('\uFFFD') || text.includes('\0')
