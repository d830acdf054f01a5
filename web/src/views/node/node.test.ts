import { expect, it } from 'vitest'
import type { Guest } from '../../api/resources'
import { concerned } from './bulk'
import { grow, MOST } from './journal'

it('a log goes on from where it ended, and does not grow for ever', () => {
  const first = grow(null, ['p1', 'a', 'b', 'p1'])
  expect(first).toEqual({ lines: ['a', 'b'], place: 'p1' })
  expect(grow(first, ['p1', 'p1'])).toBe(first)
  expect(grow(first, ['p2', 'c', 'p2'])).toEqual({ lines: ['a', 'b', 'c'], place: 'p2' })
  const many = grow(first, ['', ...Array.from({ length: MOST }, (_, n) => String(n)), 'p3'])
  expect(many.lines).toHaveLength(MOST)
  expect(many.lines.at(-1)).toBe(String(MOST - 1))
  expect(grow(null, [])).toEqual({ lines: [], place: '' })
  expect(grow({ lines: ['none'], place: '' }, ['', 'none', ''])).toEqual({ lines: ['none'], place: '' })
})

it('bulk actions concern guests of the node in the right state', () => {
  const guest = (vmid: number, status: string, rest: Partial<Guest> = {}): Guest => ({ id: `qemu/${vmid}`, type: 'qemu', vmid, node: 'n1', status, ...rest })
  const all = [guest(3, 'running'), guest(1, 'stopped'), guest(2, 'stopped', { template: 1 }), guest(4, 'stopped', { node: 'n2' }), guest(5, 'running', { type: 'lxc' }), guest(6, 'paused')]
  const ids = (what: Parameters<typeof concerned>[2]) => concerned(all, 'n1', what).map((one) => one.vmid)
  expect(ids('startall')).toEqual([1])
  expect(ids('stopall')).toEqual([3, 5, 6])
  expect(ids('suspendall')).toEqual([3])
})
