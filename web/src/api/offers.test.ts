import { expect, it, vi } from 'vitest'

vi.mock('./offered', () => ({
  REFUSED: new Set(['tpmstate0', 'hostpci[n]', 'net[n]:rate', 'post /x todisk', 'lxc dev[n]', 'lxc mp[n]:quota']),
  METHODS: new Set(['post /x']),
}))

const { offers, settable } = await import('./offers')

it('knows options of their own, families, and properties', () => {
  expect(settable('tpmstate0')).toBe(false)
  expect(settable('hostpci3', 'host')).toBe(false)
  expect(settable('net0')).toBe(true)
  expect(settable('net0', 'rate')).toBe(false)
  expect(settable('memory')).toBe(true)
})

it('knows what is refused for containers', () => {
  expect(settable('dev0', undefined, 'lxc')).toBe(false)
  expect(settable('mp3', 'quota', 'lxc')).toBe(false)
  expect(settable('mp3', 'ro', 'lxc')).toBe(true)
  expect(settable('tpmstate0', undefined, 'lxc')).toBe(true)
})

it('knows methods and their parameters', () => {
  expect(offers('post /x')).toBe(true)
  expect(offers('post /x', 'todisk')).toBe(false)
  expect(offers('post /x', 'other')).toBe(true)
  expect(offers('get /x')).toBe(false)
})
