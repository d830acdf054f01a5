import { expect, it } from 'vitest'
import { disksOf, importParams, warningText, type Metadata } from './metadata'

const metadata: Metadata = {
  type: 'vm',
  'create-args': { name: 'appliance', cores: 2, memory: 1024, bios: 'ovmf', scsihw: 'pvscsi' },
  disks: { scsi0: { volid: 'local:import/a.ova/a.vmdk', size: 1024 }, scsi1: 'local:import/a.ova/b.vmdk', efidisk0: 1 },
  net: { net0: { model: 'vmxnet3', macaddr: 'BC:24:11:00:00:01' }, net1: { model: 'e1000' } },
}
const values = { vmid: '100', name: 'web', storage: 'fast', bridge: 'vmbr0', start: false, disks: ['scsi0', 'scsi1'] }

it('makes a VM of what an appliance says', () => {
  expect(importParams(metadata, 'n1', values)).toEqual({
    node: 'n1', vmid: 100, name: 'web', cores: 2, memory: 1024, bios: 'ovmf', scsihw: 'pvscsi', efidisk0: 'fast:1,efitype=4m',
    scsi0: 'fast:0,import-from=local:import/a.ova/a.vmdk', scsi1: 'fast:0,import-from=local:import/a.ova/b.vmdk',
    net0: 'vmxnet3=BC:24:11:00:00:01,bridge=vmbr0', net1: 'e1000,bridge=vmbr0', boot: 'order=scsi0;scsi1', start: undefined,
  })
})

it('leaves out disks and cards that are not wanted', () => {
  const params = importParams(metadata, 'n1', { ...values, disks: ['scsi1'], bridge: '' })
  expect(params).not.toHaveProperty('scsi0')
  expect(params).not.toHaveProperty('net0')
  expect(params.boot).toBe('order=scsi1')
})

it('reads both forms of disks, and says unknown warnings as they are', () => {
  expect(disksOf(metadata).map(({ size }) => size)).toEqual([1024, undefined])
  expect(warningText({ type: 'new-thing', key: 'x' })).toBe('new-thing (x)')
})
