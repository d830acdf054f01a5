import { expect, it } from 'vitest'
import { cappedMemory, guestMemory } from './memory'

it('a guest uses no more memory than it has, whatever its process takes', () => {
  expect(guestMemory({ mem: 3072, maxmem: 1024 })).toBe(1024)
  expect(guestMemory({ mem: 512, maxmem: 1024 })).toBe(512)
  expect([guestMemory({ maxmem: 1024 }), guestMemory({ mem: 7 })]).toEqual([0, 7])
})

it('the same in charts, where gaps stay gaps', () => {
  expect(cappedMemory([{ mem: 9, maxmem: 4 }, { mem: 3, maxmem: 4 }, { maxmem: 4 }])).toEqual([{ mem: 4, maxmem: 4 }, { mem: 3, maxmem: 4 }, { maxmem: 4 }])
  expect(cappedMemory(undefined)).toBeUndefined()
})
