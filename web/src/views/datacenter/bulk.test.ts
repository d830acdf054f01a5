import { expect, it } from 'vitest'
import type { Guest } from '../../api/resources'
import { each, fitting } from './bulk'

it('an action goes to those that it fits', () => {
  const guest = (vmid: number, status: string, template?: 1) => ({ vmid, status, template, type: 'qemu', node: 'n', id: '' }) as Guest
  const guests = [guest(1, 'running'), guest(2, 'stopped'), guest(3, 'stopped', 1), guest(4, 'paused')]
  expect(fitting('start', guests).map(({ vmid }) => vmid)).toEqual([2])
  expect(fitting('stop', guests).map(({ vmid }) => vmid)).toEqual([1, 4])
})

it('a failure stops no other, and few go at once', async () => {
  let now = 0
  let most = 0
  const failures = await each([1, 2, 3, 4, 5, 6, 7, 8, 9], async (n) => {
    now += 1
    most = Math.max(most, now)
    await Promise.resolve()
    now -= 1
    if (n % 4 === 0) throw new Error(String(n))
  })
  expect(failures.map(([n]) => n)).toEqual([4, 8])
  expect(most).toBeLessThanOrEqual(4)
})
