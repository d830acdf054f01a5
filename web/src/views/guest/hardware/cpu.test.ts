import { describe, expect, it } from 'vitest'
import { readFlags, readMachine, withFlag } from './cpu'

describe('flags of a processor', () => {
  it('are switched on, off, and left to the model', () => {
    expect(withFlag('', 'aes', '+')).toBe('+aes')
    expect(withFlag('+aes;-pcid', 'pcid', '+')).toBe('+aes;+pcid')
    expect(withFlag('+aes;-pcid', 'aes', '')).toBe('-pcid')
  })
  it('are read with their signs', () => {
    expect([...readFlags('+aes;-pcid;+hv-tlbflush')]).toEqual([['aes', '+'], ['pcid', '-'], ['hv-tlbflush', '+']])
    expect(readFlags('').size).toBe(0)
  })
})

it('tells chipset and version of a machine', () => {
  expect(readMachine('pc')).toEqual({ chipset: 'pc', version: '' })
  expect(readMachine('q35')).toEqual({ chipset: 'q35', version: '' })
  expect(readMachine('pc-i440fx-9.2+pve1')).toEqual({ chipset: 'pc', version: 'pc-i440fx-9.2+pve1' })
  expect(readMachine('pc-q35-10.0')).toEqual({ chipset: 'q35', version: 'pc-q35-10.0' })
})
