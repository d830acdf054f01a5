import { expect, it } from 'vitest'
import { printSmbios, readSmbios } from './smbiosText'
import { moved } from './BootOrder'

it('keeps texts with any character', () => {
  const smbios = { uuid: '4654cd17-2789-4153-8f89-af3ec518e23a', manufacturer: 'Größe, a=b', product: '', version: '', serial: 'Α1', sku: '', family: '' }
  expect(readSmbios(printSmbios(smbios))).toEqual(smbios)
  expect(printSmbios(readSmbios('uuid=1,serial=A1'))).toBe('uuid=1,serial=QTE=,base64=1')
  expect(printSmbios(readSmbios('uuid=1'))).toBe('uuid=1')
})

it('moves a boot device, within the list', () => {
  const order = ['a', 'b', 'c'].map((key) => ({ key, on: true }))
  expect(moved(order, 0, 2).map((one) => one.key).join('')).toBe('bca')
  expect(moved(order, 0, -1)).toBe(order)
})
