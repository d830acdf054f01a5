import { notifications } from '@mantine/notifications'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiError } from '../api/call'
import { i18n } from '../i18n'
import { runTask } from './tasks'

const UPID = 'UPID:n1:00000812:0012C8F5:6B0452C7:qmstart:100:root@pam:'

beforeEach(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
afterEach(() => vi.unstubAllGlobals())

/** A node on which the task has ended with some output. */
function node(lines: string[], exitstatus: string) {
  vi.stubGlobal('fetch', vi.fn((url: string) =>
    Promise.resolve(Response.json({ data: url.includes('/log') ? lines.map((t, n) => ({ n: n + 1, t })) : { status: 'stopped', exitstatus } }))))
}

const shown = (method: 'show' | 'update') => vi.spyOn(notifications, method).mockImplementation(() => '')

it('follows what was started to its end', async () => {
  node(['starting', 'TASK OK'], 'OK')
  const show = shown('show')
  const update = shown('update')
  expect(await runTask('Start web', () => Promise.resolve(UPID))).toBe(true)
  expect(show).toHaveBeenCalledWith(expect.objectContaining({ title: 'Start web', loading: true, autoClose: false }))
  await vi.waitFor(() => expect(update).toHaveBeenCalledWith(expect.objectContaining({ color: 'green', loading: false })))
})

it('says how it failed', async () => {
  node(['TASK ERROR: no space'], 'no space')
  shown('show')
  const update = shown('update')
  await runTask('Start web', () => Promise.resolve(UPID.replace(':100:', ':101:')))
  await vi.waitFor(() => expect(update).toHaveBeenCalledWith(expect.objectContaining({ color: 'red' })))
})

it('shows why something was not accepted', async () => {
  const show = shown('show')
  expect(await runTask('Start web', () => Promise.reject(new ApiError(500, 'VM 100 already running')))).toBe(false)
  expect(show).toHaveBeenCalledWith(expect.objectContaining({ color: 'red', message: 'VM 100 already running' }))
})

it('is content with an answer that is no task', async () => {
  const show = shown('show')
  expect(await runTask('Convert', () => Promise.resolve(null))).toBe(true)
  expect(show).toHaveBeenCalledWith(expect.objectContaining({ color: 'green' }))
})
