import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { below, followTask, mergeTask, startEvents, useLive, type TaskRow } from './events'
import { useResources } from './resources'
import { logout, useSession } from './session'

class Stream {
  static all: Stream[] = []
  static readonly OPEN = 1
  readyState = 1
  sent: string[] = []
  onmessage?: (event: { data: string }) => void
  onclose?: (event?: { code: number }) => void
  constructor(readonly url: string) {
    Stream.all.push(this)
  }
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.onclose?.()
  }
  says(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
}

const latest = () => {
  const stream = Stream.all.at(-1)
  if (!stream) throw new Error('no stream was opened')
  return stream
}
const answers = (status: number, data: unknown) => vi.fn(() => Promise.resolve(new Response(JSON.stringify({ data, message: 'no' }), { status })))
const hello = { type: 'hello', epoch: 'e1', seq: 7, resumed: false, time: 0 }
let stop = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  Stream.all = []
  vi.stubGlobal('WebSocket', Stream)
  vi.stubGlobal('fetch', answers(200, []))
  useSession.setState({ session: { username: 'root@pam', cap: {} } })
  useResources.setState({ rows: new Map() })
  stop = startEvents(new QueryClient())
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('takes over rows that change and rows that go', async () => {
  await vi.advanceTimersByTimeAsync(0)
  latest().says(hello)
  await vi.advanceTimersByTimeAsync(0)
  latest().says({ type: 'resource', seq: 8, data: { id: 'qemu/100', type: 'qemu', status: 'running' } })
  latest().says({ type: 'resource', seq: 9, data: { id: 'qemu/101', type: 'qemu' } })
  latest().says({ type: 'resource-gone', seq: 10, id: 'qemu/101' })
  await vi.advanceTimersByTimeAsync(50)
  expect([...useResources.getState().rows.keys()]).toEqual(['qemu/100'])
})

it('is taken up where it ended', async () => {
  latest().says(hello)
  latest().says({ type: 'config', seq: 12, path: '/storage' })
  latest().close()
  expect(useLive.getState().live).toBe(false)
  await vi.advanceTimersByTimeAsync(300)
  expect(Stream.all).toHaveLength(2)
  expect(latest().url).toMatch(/\/events\?since=12&epoch=e1$/)
  latest().says({ ...hello, seq: 12, resumed: true })
  expect(useLive.getState()).toEqual({ live: true, lostAt: null })
})

it('loads everything again only when too much was missed', async () => {
  latest().says({ ...hello, resumed: true })
  await vi.advanceTimersByTimeAsync(50)
  const before = vi.mocked(fetch).mock.calls.length
  latest().says(hello)
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.mocked(fetch).mock.calls.length).toBe(before + 1)
})

it('takes silence for a lost connection', async () => {
  latest().says(hello)
  await vi.advanceTimersByTimeAsync(41_000)
  expect(Stream.all.length).toBeGreaterThan(1)
})

it('goes on following a task after a break', async () => {
  latest().says(hello)
  const heard: string[] = []
  const end = followTask('UPID:n1:1', (_, lines) => heard.push(...lines))
  latest().close()
  await vi.advanceTimersByTimeAsync(300)
  latest().says({ ...hello, resumed: true })
  expect(latest().sent).toEqual([JSON.stringify({ follow: 'UPID:n1:1' })])
  latest().says({ type: 'task-log', upid: 'UPID:n1:1', start: 0, lines: ['a', 'b'], end: false })
  end()
  expect(heard).toEqual(['a', 'b'])
  expect(latest().sent.at(-1)).toBe(JSON.stringify({ unfollow: 'UPID:n1:1' }))
})

it('lists a task once, with its end in the place of its start', () => {
  const row = (upid: string, status?: string) => ({ upid, status }) as TaskRow
  const begun = mergeTask([row('b')], row('a'))
  expect(begun).toEqual([row('a'), row('b')])
  expect(mergeTask(begun, row('b', 'OK'))).toEqual([row('a'), row('b', 'OK')])
})

it('knows what lies below a path', () => {
  expect(below('/nodes/n1/qemu/100/config', '/nodes/n1/qemu/100')).toBe(true)
  expect(below('/nodes/n1/qemu/1000/config', '/nodes/n1/qemu/100')).toBe(false)
})

it('does not look logged out while the node keeps the session', async () => {
  vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('no network'))))
  await expect(logout()).rejects.toThrow('no network')
  expect(useSession.getState().session).not.toBeNull()
  vi.stubGlobal('fetch', answers(401, null))
  await logout()
  expect(useSession.getState().session).toBeNull()
})

it('a stream that falls silent is lost at once, and its age is that of its last word', async () => {
  await vi.advanceTimersByTimeAsync(0)
  latest().says(hello)
  const heard = Date.now()
  const silent = latest()
  // The browser waits for an answer to its good-bye.
  silent.close = () => {}
  await vi.advanceTimersByTimeAsync(20_000)
  expect(useLive.getState()).toEqual({ live: false, lostAt: heard })
  await vi.advanceTimersByTimeAsync(300)
  expect(latest()).not.toBe(silent)
  latest().says({ ...hello, resumed: true })
  silent.onclose?.()
  expect(useLive.getState().live).toBe(true)
})

it('asks for the session at once when its end closes the stream', async () => {
  await vi.advanceTimersByTimeAsync(0)
  latest().says(hello)
  vi.stubGlobal('fetch', answers(401, null))
  latest().onclose?.({ code: 4401 })
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe('/api2/json/pleiad/session')
  expect(useSession.getState().session).toBeNull()
})
