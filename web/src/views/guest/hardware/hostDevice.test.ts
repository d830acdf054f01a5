import { describe, expect, it } from 'vitest'
import { printPci, printUsb, readPci, readUsb } from './hostDevice'

describe('USB devices', () => {
  it.each(['spice', 'spice,usb3=1', '1234:abcd', '1-2.3', 'mapping=stick', 'mapping=stick,usb3=1'])('%s comes back as it was', (value) => {
    expect(printUsb(readUsb(value))).toBe(value)
  })
  it('are written anew when their source changes', () => {
    expect(printUsb({ ...readUsb('mapping=stick'), source: 'device', device: '046d:c31c' })).toBe('046d:c31c')
  })
})

describe('PCI devices', () => {
  it.each(['0000:01:00.0', '0000:01:00', '0000:01:00,pcie=1,x-vga=1', 'mapping=gpu', 'mapping=gpu,mdev=nvidia-63', '0000:01:00.0,rombar=0,romfile=x.rom'])('%s comes back as it was', (value) => {
    expect(printPci(readPci(value), value)).toBe(value)
  })
  it('lose what belongs to the other kind', () => {
    expect(printPci({ ...readPci('0000:01:00.1,pcie=1'), source: 'mapping', mapping: 'gpu' }, '0000:01:00.1,pcie=1')).toBe('pcie=1,mapping=gpu')
  })
  it('keep several functions that were chosen by hand', () => {
    expect(printPci(readPci('01:00.0;01:00.1'), '')).toBe('01:00.0;01:00.1')
  })
})
