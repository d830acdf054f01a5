// The event stream: one web socket that tells of every change as it happens. When it breaks, it is taken up where it
// ended; when too much was missed, everything is loaded again.
import type { QueryClient } from '@tanstack/react-query'
import { create } from 'zustand'
import type { Row } from './call'
import { applyResources, loadResources, type Resource } from './resources'
import { resume, useSession } from './session'

export type TaskRow = Row<'/cluster/tasks'>
export interface LogRow {
  uid: number
  time: number
  msg: string
  node: string
  pid: number
  pri: number
  tag: string
  user: string
}

type Message =
  | { type: 'hello'; epoch: string; seq: number; resumed: boolean; time: number }
  | { type: 'resource'; seq: number; data: Resource }
  | { type: 'resource-gone'; seq: number; id: string }
  | { type: 'task'; seq: number; data: TaskRow }
  | { type: 'config'; seq: number; path: string }
  | { type: 'log'; seq: number; data: LogRow }
  | { type: 'task-log'; upid: string; start: number; lines: string[]; end: boolean }
  | { type: 'ping' }

interface Live {
  /** Whether changes arrive now. */
  live: boolean
  /** Since when they do not: ms since the epoch. */
  lostAt: number | null
}

export const useLive = create<Live>(() => ({ live: false, lostAt: null }))

type Follower = (start: number, lines: string[], end: boolean) => void
const followers = new Map<string, Set<Follower>>()

const RETRY_MS = [250, 500, 1000, 2000, 5000, 10_000] as const
/** The server says something every 15 s; silence for longer than this is a lost connection. */
const SILENCE_MS = 20_000
/** Why a stream was closed: the session that opened it has ended. */
const UNAUTHORIZED = 4401
/** Changes of rows are taken over together: a burst draws once. */
const GATHER_MS = 16

let socket: WebSocket | null = null

/** Output of a running task as it comes, from its first line; answers how to stop. */
export function followTask(upid: string, follower: Follower): () => void {
  const set = followers.get(upid) ?? new Set()
  set.add(follower)
  followers.set(upid, set)
  send({ follow: upid })
  return () => {
    set.delete(follower)
    if (set.size > 0) return
    followers.delete(upid)
    send({ unfollow: upid })
  }
}

function send(message: object) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

/** Opens the stream and keeps it open; answers how to close it. */
export function startEvents(queries: QueryClient): () => void {
  let epoch = ''
  let seq = 0
  let attempt = 0
  let closed = false
  /** When the stream said something. ms since the epoch */
  let heardAt = Date.now()
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let gathering: ReturnType<typeof setTimeout> | undefined
  let changed = new Map<string, Resource>()
  let gone = new Set<string>()

  const flush = () => {
    gathering = undefined
    applyResources([...changed.values()], [...gone])
    changed = new Map()
    gone = new Set()
  }
  const gather = () => {
    gathering ??= setTimeout(flush, GATHER_MS)
  }
  const take = (message: Message) => {
    if ('seq' in message && typeof message.seq === 'number') seq = message.seq
    switch (message.type) {
      case 'hello':
        epoch = message.epoch
        attempt = 0
        useLive.setState({ live: true, lostAt: null })
        if (!message.resumed) {
          void loadResources()
          void queries.invalidateQueries()
        } else void queries.refetchQueries({ predicate: ({ state }) => state.status === 'error' })
        for (const upid of followers.keys()) send({ follow: upid })
        break
      case 'resource':
        gone.delete(message.data.id)
        changed.set(message.data.id, message.data)
        gather()
        break
      case 'resource-gone':
        changed.delete(message.id)
        gone.add(message.id)
        gather()
        break
      case 'task':
        takeTask(queries, message.data)
        break
      case 'config':
        void queries.invalidateQueries({ predicate: (query) => below(String(query.queryKey[0]), message.path) })
        break
      case 'log':
        queries.setQueryData(['/cluster/log', { max: LOG_ROWS }], (rows?: LogRow[]) =>
          rows ? [message.data, ...rows].slice(0, LOG_ROWS) : rows,
        )
        break
      case 'task-log':
        for (const follower of followers.get(message.upid) ?? []) follower(message.start, message.lines, message.end)
        break
      default:
    }
  }
  const heard = () => {
    clearTimeout(silence)
    heardAt = Date.now()
    silence = setTimeout(() => {
      const own = socket
      lost(own)
      // A node that does not answer does not say good-bye either: the browser waits a minute for that.
      own?.close()
    }, SILENCE_MS)
  }
  const lost = (own: WebSocket | null) => {
    if (closed || own === null || socket !== own) return
    clearTimeout(silence)
    socket = null
    const { live, lostAt } = useLive.getState()
    if (live || lostAt === null) useLive.setState({ live: false, lostAt: heardAt })
    if (!useSession.getState().session) return
    // Without the stream the page still gets what it needs, only later.
    if (attempt > 0) void loadResources()
    retry = setTimeout(open, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)])
    attempt += 1
  }
  const open = () => {
    const since = epoch ? `?since=${seq}&epoch=${encodeURIComponent(epoch)}` : ''
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const own = new WebSocket(`${scheme}://${location.host}/api2/json/pleiad/events${since}`)
    socket = own
    heard()
    own.onmessage = (event) => {
      if (socket !== own) return
      heard()
      take(JSON.parse(String(event.data)) as Message)
    }
    own.onclose = (event) => {
      // What is shown may not be seen any more: the page finds out at once.
      if (event?.code === UNAUTHORIZED && socket === own) void resume()
      lost(own)
    }
  }
  void loadResources()
  open()
  return () => {
    closed = true
    clearTimeout(retry)
    clearTimeout(silence)
    clearTimeout(gathering)
    socket?.close()
    socket = null
  }
}

/** Rows of the cluster log that are kept. */
export const LOG_ROWS = 200
/** Rows of the task list that are kept. */
const TASK_ROWS = 500

function takeTask(queries: QueryClient, task: TaskRow) {
  queries.setQueryData(['/cluster/tasks', {}], (rows?: TaskRow[]) => mergeTask(rows, task))
  void queries.invalidateQueries({ predicate: (query) => /^\/nodes\/[^/]+\/tasks/.test(String(query.queryKey[0])) })
  // What a task worked on may look different now.
  if (task.endtime)
    void queries.invalidateQueries({ predicate: (query) => touches(String(query.queryKey[0]), task) })
}

/** The list with a task in it that began, or with its end. */
export function mergeTask(rows: TaskRow[] | undefined, task: TaskRow): TaskRow[] | undefined {
  if (!rows) return rows
  const at = rows.findIndex((row) => row.upid === task.upid)
  if (at < 0) return [task, ...rows].slice(0, TASK_ROWS)
  return rows.with(at, task)
}

/** Whether what lies at an API path is at or below another. */
export const below = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`)

function touches(path: string, task: TaskRow): boolean {
  const guest = task.id && (path.includes(`/qemu/${task.id}/`) || path.includes(`/lxc/${task.id}/`))
  return Boolean(guest) || /^\/nodes\/[^/]+\/storage\//.test(path)
}
