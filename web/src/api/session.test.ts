import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { request } from './call'
import { keepAlive, LIFETIME_MS, LOOK_EVERY_MS, login, logout, RENEW_AFTER_MS, resume, useSession } from './session'

const MINUTE = 60_000
const SESSION = { username: 'jo@pve', CSRFPreventionToken: 'T1', cap: { vms: { 'VM.Audit': 1 } } }
/** What the node answers: a status, or silence. */
let node: number | 'away' = 200
let stop = () => {}
const asked = vi.fn()

beforeEach(async () => {
  vi.useFakeTimers()
  node = 200
  vi.stubGlobal('fetch', vi.fn((url: string, init: RequestInit) => {
    asked(url, init)
    if (node === 'away') return Promise.reject(new TypeError('no network'))
    return Promise.resolve(new Response(JSON.stringify({ data: SESSION, message: 'no' }), { status: node }))
  }))
  await login('jo', 'pve', 'secret')
  asked.mockClear()
  stop = keepAlive()
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const renewals = () => asked.mock.calls.filter(([url]) => url === '/api2/json/pleiad/session').length
/** A computer that sleeps: the clock goes on, timers do not. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms)

it('renews a ticket long before its end, whether or not the page is looked at', async () => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  await vi.advanceTimersByTimeAsync(RENEW_AFTER_MS - LOOK_EVERY_MS)
  expect(renewals()).toBe(0)
  await vi.advanceTimersByTimeAsync(8 * 60 * MINUTE)
  expect(renewals()).toBeGreaterThanOrEqual(8 * 60 / 16)
  expect(useSession.getState().session?.username).toBe('jo@pve')
})

it('the same session draws nothing anew', async () => {
  const before = useSession.getState()
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(useSession.getState()).toBe(before)
})

it('renews at once when the computer was asleep, by the clock and not by the count of its timers', async () => {
  sleep(110 * MINUTE)
  await vi.advanceTimersByTimeAsync(LOOK_EVERY_MS)
  expect(renewals()).toBe(1)
  for (const event of ['focus', 'online', 'pageshow']) {
    sleep(20 * MINUTE)
    window.dispatchEvent(new Event(event))
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(renewals()).toBe(4)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(renewals()).toBe(4)
})

it('asks again soon when the node was away', async () => {
  node = 'away'
  await vi.advanceTimersByTimeAsync(RENEW_AFTER_MS)
  const failed = renewals()
  expect(failed).toBeGreaterThan(0)
  expect(useSession.getState().session).not.toBeNull()
  node = 200
  await vi.advanceTimersByTimeAsync(LOOK_EVERY_MS)
  await vi.advanceTimersByTimeAsync(RENEW_AFTER_MS - 2 * LOOK_EVERY_MS)
  expect(renewals()).toBe(failed + 1)
})

it('a page that slept too long waits for its user', async () => {
  sleep(LIFETIME_MS + MINUTE)
  node = 401
  await vi.advanceTimersByTimeAsync(LOOK_EVERY_MS)
  expect(useSession.getState()).toEqual({ session: null, ending: 'expired', waiting: 'jo@pve' })
  // Another tab got in, and this one is looked at.
  node = 200
  await resume()
  expect(useSession.getState()).toMatchObject({ session: { username: 'jo@pve' }, ending: null, waiting: null })
})

it('a session that was ended elsewhere leaves no page behind', async () => {
  node = 401
  await expect(request('get', '/nodes', {})).rejects.toThrow('no')
  expect(useSession.getState()).toEqual({ session: null, ending: 'ended', waiting: null })
})

it('who logs out is not told that his session ended', async () => {
  await logout()
  expect(useSession.getState()).toEqual({ session: null, ending: 'left', waiting: null })
})

it('changes carry the token of the session, and reading does not need it', async () => {
  await request('put', '/cluster/options', { keyboard: 'en-us' })
  await request('get', '/nodes', {})
  const sent = asked.mock.calls.map(([, init]) => (init as RequestInit).headers)
  expect(sent).toMatchObject([{ CSRFPreventionToken: 'T1' }, {}])
  expect(sent[1]).not.toHaveProperty('CSRFPreventionToken')
})
