import { expect, it } from 'vitest'
import { depth, recalled, withExchange, type Exchange } from './history'

const typed = (...commands: string[]) => commands.reduce<Exchange[]>((all, command) => withExchange(all, { command, answer: '' }), [])

it('goes back over what was typed, repetitions once', () => {
  const all = typed('info status', 'info block', 'info block')
  expect(depth(all)).toBe(2)
  expect([0, 1, 2, 3].map((back) => recalled(all, back))).toEqual(['', 'info block', 'info status', 'info status'])
})

it('keeps the last ones', () => {
  const all = typed(...Array.from({ length: 300 }, (_, n) => `c${n}`))
  expect(all).toHaveLength(200)
  expect(all.at(-1)?.command).toBe('c299')
})
