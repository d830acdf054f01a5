import { describe, expect, it } from 'vitest'
import { dirEntry, nodesOf, pciEntry, readEntry, usbEntry, verdict } from './mapping'

describe('entries of mappings', () => {
  it('of PCI devices say what sits there', () => {
    const device = { id: '0000:01:00.0', vendor: '0x10de', device: '0x1381', subsystem_vendor: '0x1462', subsystem_device: '0x3102', iommugroup: 5 }
    expect(pciEntry('n1', device)).toBe('id=10de:1381,iommugroup=5,node=n1,path=0000:01:00.0,subsystem-id=1462:3102')
    expect(pciEntry('n1', { id: '0000:01:00.0', vendor: '0x10de', device: '0x1381', iommugroup: -1 })).toBe('id=10de:1381,node=n1,path=0000:01:00.0')
  })
  it('of USB devices follow the device or the port', () => {
    const stick = { busnum: 1, devnum: 4, vendid: '0x046d', prodid: 'c31c', usbpath: '2.3', speed: '480', class: 0, level: 1 }
    expect(usbEntry('n1', stick, false)).toBe('id=046d:c31c,node=n1')
    expect(usbEntry('n1', stick, true)).toBe('id=046d:c31c,node=n1,path=1-2.3')
  })
  it('are shown by node', () => {
    expect(readEntry(dirEntry('n2', '/srv/share'))).toEqual({ node: 'n2', what: '/srv/share' })
    expect(nodesOf({ id: 'x', map: ['node=n2,path=/a', 'path=/b,node=n1', 'node=n2,path=/c'] })).toEqual(['n1', 'n2'])
  })
})

it('tells for each node what is wrong there, and where nobody has answered', () => {
  const mapping = { id: 'gpu', map: ['node=n1,path=x', 'node=n2,path=y', 'node=n3,path=z'] }
  const checks = [{ severity: 'error' as const, message: 'not found' }]
  const seen = new Map([['n1', [mapping]], ['n2', [{ ...mapping, checks }]]])
  expect(verdict(mapping, seen)).toEqual([{ node: 'n1', checks: [] }, { node: 'n2', checks }, { node: 'n3', checks: undefined }])
})
