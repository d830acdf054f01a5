import { expect, it } from 'vitest'
import { CT_DEFAULTS, ctParams, ctProblems } from './ct'
import { VM_DEFAULTS, vmParams, vmProblems } from './vm'

const vm = { ...VM_DEFAULTS, node: 'n1', vmid: '100', storage: 'local', bridge: 'vmbr0' }
const ct = { ...CT_DEFAULTS, node: 'n1', vmid: '101', storage: 'local', template: 'local:vztmpl/a.tar.zst', password: 'secret', repeat: 'secret', bridge: 'vmbr0' }

it('asks for a VM as PVE would', () => {
  expect(vmParams({ ...vm, iso: 'local:iso/a.iso' })).toEqual({
    node: 'n1', vmid: 100, start: 1, ostype: 'l26', agent: '1', scsihw: 'virtio-scsi-single',
    scsi0: 'local:32,discard=on,iothread=1', ide2: 'local:iso/a.iso,media=cdrom', sockets: 1, cores: 2, cpu: 'x86-64-v2-AES',
    memory: '2048', net0: 'virtio,bridge=vmbr0', boot: 'order=scsi0;ide2;net0',
  })
})

it('imports an image in place of an empty disk', () => {
  const params = vmParams({ ...vm, source: 'image', image: 'local:import/debian.qcow2', bus: 'virtio', bios: 'ovmf', mac: 'BC:24:11:00:00:01', ballooning: false })
  expect(params.virtio0).toBe('local:0,import-from=local:import/debian.qcow2,discard=on,iothread=1')
  expect(params.ide2).toBeUndefined()
  expect(params.efidisk0).toBe('local:1,efitype=4m,pre-enrolled-keys=1')
  expect(params.net0).toBe('virtio=BC:24:11:00:00:01,bridge=vmbr0')
  expect(params.balloon).toBe(0)
  expect(params.boot).toBe('order=virtio0;net0')
})

it('needs no card', () => {
  expect(vmParams({ ...vm, bridge: '' })).not.toHaveProperty('net0')
})

it('says what is missing for a VM', () => {
  expect(vmProblems(vm)).toEqual({})
  expect(Object.keys(vmProblems({ ...vm, vmid: '99', name: 'a b', mac: '01:00:00:00:00:00', size: 0 })).sort()).toEqual(['mac', 'name', 'size', 'vmid'])
})

it('asks for a container as PVE would', () => {
  expect(ctParams({ ...ct, ip4: 'static', address4: '10.0.0.2/24', gateway4: '10.0.0.1', ip6: 'auto' })).toEqual({
    node: 'n1', vmid: 101, ostemplate: 'local:vztmpl/a.tar.zst', unprivileged: 1, features: 'nesting=1', start: 1, password: 'secret',
    rootfs: 'local:8', cores: 1, memory: 512, swap: 512, net0: 'name=eth0,bridge=vmbr0,ip=10.0.0.2/24,gw=10.0.0.1,ip6=auto',
  })
})

it('says what is missing for a container', () => {
  expect(ctProblems(ct)).toEqual({})
  expect(Object.keys(ctProblems({ ...ct, template: '', password: '', repeat: '', ip4: 'static', address4: '10.0.0.2' })).sort()).toEqual(['address4', 'password', 'template'])
})
