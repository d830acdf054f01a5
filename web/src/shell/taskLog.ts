// The output of a task, shared by all that show it: read once, by the event stream while there is one, else in pages.
import { useSyncExternalStore } from 'react'
import { call } from '../api/call'
import { followTask, useLive } from '../api/events'
import { i18n } from '../i18n'
import { explain } from '../ui/Form'
import { outcomeOf, parseUpid } from './taskNames'

/** Lines of a page, and how long to wait for more of a running task without the stream. */
const PAGE = 2000
const POLL_MS = 1500

export interface LogState {
  lines: readonly string[]
  /** Whether that is all of it. */
  ended: boolean
  error: Error | null
}

/** The output of one task. */
export class TaskLog {
  /** Grows in place; each change makes a new state with the same array, so that a long log is never copied. */
  readonly #lines: string[] = []
  #state: LogState = { lines: this.#lines, ended: false, error: null }
  readonly #listeners = new Set<() => void>()
  #unfollow: (() => void) | undefined
  #poll: ReturnType<typeof setTimeout> | undefined
  #reading = false
  #stopLive: (() => void) | undefined

  constructor(readonly upid: string) {}

  readonly state = () => this.#state

  readonly subscribe = (listener: () => void) => {
    if (this.#listeners.size === 0) this.#start()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  /** Takes lines over; those that are known already come again after the stream was interrupted. */
  take(start: number, lines: readonly string[], ended: boolean): void {
    for (const [index, line] of lines.entries()) this.#lines[start + index] = line
    this.#set({ ended: this.#state.ended || ended, error: null })
  }

  #set(change: Partial<LogState>) {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  #start() {
    // It may have been left by all and be taken up again.
    if (!logs.has(this.upid)) logs.set(this.upid, this)
    if (this.#state.ended) return
    this.#unfollow = followTask(this.upid, (start, lines, end) => {
      // Refused, or a log that is gone: reading it says why.
      if (end && start + lines.length === 0) void this.#read()
      else this.take(start, lines, end)
    })
    this.#stopLive = useLive.subscribe(({ live }) => {
      if (!live) void this.#read()
    })
    if (!useLive.getState().live) void this.#read()
  }

  #stop() {
    this.#unfollow?.()
    this.#stopLive?.()
    clearTimeout(this.#poll)
    this.#unfollow = this.#stopLive = undefined
    logs.delete(this.upid)
  }

  /** Reads what there is, and again while the task runs and the stream is away. */
  async #read() {
    if (this.#reading || this.#state.ended) return
    this.#reading = true
    clearTimeout(this.#poll)
    const node = parseUpid(this.upid)?.node ?? ''
    try {
      // Before the log is read: the last line of an ended task is in it.
      const { status } = await call('get', '/nodes/{node}/tasks/{upid}/status', { node, upid: this.upid })
      for (;;) {
        const start = this.#lines.length
        const page = await call('get', '/nodes/{node}/tasks/{upid}/log', { node, upid: this.upid, start, limit: PAGE })
        const lines = page.map((line) => line.t)
        const done = lines.length < PAGE
        // How the API says that a log is empty.
        if (start === 0 && lines.length === 1 && lines[0] === 'no content') lines.pop()
        this.take(start, lines, done && status !== 'running')
        if (done) break
      }
    } catch (error) {
      this.#set({ error: error instanceof Error ? error : new Error(String(error)) })
    } finally {
      this.#reading = false
    }
    if (!this.#state.ended && this.#listeners.size > 0 && !useLive.getState().live)
      this.#poll = setTimeout(() => void this.#read(), POLL_MS)
  }
}

const logs = new Map<string, TaskLog>()

/** The output of a task; one for all that ask. */
export function taskLog(upid: string): TaskLog {
  const known = logs.get(upid)
  if (known) return known
  const log = new TaskLog(upid)
  logs.set(upid, log)
  return log
}

/** Output of a task as it comes. */
export function useTaskLog(upid: string): LogState {
  const log = taskLog(upid)
  return useSyncExternalStore(log.subscribe, log.state)
}

/** Calls back when a task has ended, with how. Answers how to stop waiting. */
export function whenEnded(upid: string, then: (outcome: 'ok' | 'warning' | 'error', status: string) => void): () => void {
  const log = taskLog(upid)
  let told = false
  const look = () => {
    const { ended, lines } = log.state()
    if (!ended || told) return
    told = true
    void ending(upid, lines.at(-1) ?? '').then((end) => then(...end))
    queueMicrotask(stop)
  }
  const stop = log.subscribe(look)
  look()
  return stop
}

type Ending = ['ok' | 'warning' | 'error', string]

/** How a task ended: as its output says at the end, else as its status says. */
async function ending(upid: string, last: string): Promise<Ending> {
  const said = verdict(last)
  if (said) return said
  const node = parseUpid(upid)?.node ?? ''
  try {
    const { exitstatus } = await call('get', '/nodes/{node}/tasks/{upid}/status', { node, upid })
    const outcome = outcomeOf({ status: exitstatus, endtime: 1 })
    return [outcome === 'running' ? 'error' : outcome, exitstatus ?? last]
  } catch (error) {
    // Neither well nor badly: nobody knows.
    return ['warning', i18n._('How it ended could not be read: {why}', { why: explain(error) })]
  }
}

/** How a task ended, from the last line of its output; `null` when that does not say. */
export function verdict(last: string): Ending | null {
  const found = /^TASK (OK|WARNINGS: \d+|ERROR: .*)$/s.exec(last)
  if (!found) return null
  const text = found[1] ?? ''
  if (text.startsWith('ERROR: ')) return ['error', text.slice('ERROR: '.length)]
  return [text === 'OK' ? 'ok' : 'warning', text]
}
