import { describe, expect, it } from 'vitest'
import { readSettings } from '../config/settings'
import { bootOrder, changeDrive, drives, freePlaces, printBoot, printNic, readNic, usualBus } from './drives'

const settings = readSettings([
  { key: 'scsi0', value: 'local:1/vm-1-disk-0.raw,size=1G' },
  { key: 'scsi10', value: 'local:1/vm-1-disk-2.raw,size=1G' },
  { key: 'scsi2', value: 'local:1/vm-1-disk-1.raw,size=1G', delete: 1 },
  { key: 'ide2', value: 'none,media=cdrom' },
  { key: 'net0', value: 'virtio=BC:24:11:00:00:01,bridge=vmbr0' },
  { key: 'scsihw', value: 'virtio-scsi-single' },
])

describe('drives', () => {
  it('are those of a bus with a number', () => expect(drives(settings)).toEqual(['ide2', 'scsi0', 'scsi2', 'scsi10']))
  it('leave places free, but not those of pending removals', () => {
    expect(freePlaces(settings, 'ide')).toEqual([0, 1, 3])
    expect(freePlaces(settings, 'scsi').slice(0, 3)).toEqual([1, 3, 4])
  })
  it('keep unknown properties', () =>
    expect(changeDrive('local:iso/a.iso,media=cdrom,x=1', { file: 'none' })).toBe('none,media=cdrom,x=1'))
  it('say which bus disks have', () => expect(usualBus(settings)).toBe('scsi'))
})

describe('network devices', () => {
  it('come back as they were', () => {
    for (const text of ['virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1', 'e1000-82540em=BC:24:11:00:00:01,x-new=2', 'e1000,bridge=vmbr0'])
      expect(printNic(readNic(text))).toBe(text)
  })
  it('are read in their long form', () =>
    expect(readNic('model=e1000e,macaddr=BC:24:11:00:00:01,tag=3')).toMatchObject({ model: 'e1000e', mac: 'BC:24:11:00:00:01' }))
})

describe('boot order', () => {
  it('has what boots first, then the rest', () => {
    const set = new Map(settings).set('boot', { next: 'order=ide2;net7;scsi10', waits: false })
    expect(bootOrder(set).map(({ key, on }) => key + (on ? '+' : '-'))).toEqual(['ide2+', 'scsi10+', 'scsi0-', 'net0-'])
    expect(printBoot(bootOrder(set))).toBe('order=ide2;scsi10')
  })
  it('understands the old letters and what holds without any', () => {
    const on = (boot?: string) =>
      bootOrder(boot ? new Map(settings).set('boot', { next: boot, waits: false }) : settings).filter((one) => one.on).map((one) => one.key)
    expect(on()).toEqual(['scsi0', 'ide2', 'net0'])
    expect(on('nd')).toEqual(['net0', 'ide2'])
    expect(on('order=')).toEqual([])
  })
})
