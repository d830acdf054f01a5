import { expect, it } from 'vitest'
import { CT_DEFAULTS, ctParams, ctProblems } from './ct'
import { forSystem, VM_DEFAULTS, vmParams, vmProblems } from './vm'

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

it('gives Windows 11 what it insists on', () => {
  const params = vmParams({ ...vm, ...forSystem('win11'), tpm: true, iso: 'local:iso/win.iso', drivers: 'local:iso/virtio.iso' })
  expect(params).toMatchObject({
    machine: 'q35', bios: 'ovmf', efidisk0: 'local:1,efitype=4m,pre-enrolled-keys=1', tpmstate0: 'local:1,version=v2.0',
    sata0: 'local:64,discard=on', sata2: 'local:iso/win.iso,media=cdrom', sata3: 'local:iso/virtio.iso,media=cdrom', net0: 'e1000,bridge=vmbr0',
  })
})

it('adds more disks and cards at free numbers', () => {
  const params = vmParams({ ...vm, disks: [{ bus: 'scsi', storage: 'local', size: 8 }, { bus: 'ide', storage: 'fast', size: 4 }], cards: [{ bridge: 'vmbr1', model: 'e1000', tag: 5 }] })
  expect(params).toMatchObject({ scsi1: 'local:8,iothread=1', ide0: 'fast:4', net0: 'virtio,bridge=vmbr0', net1: 'e1000,bridge=vmbr1,tag=5' })
  expect(Object.keys(vmProblems({ ...vm, disks: [{ bus: 'scsi', storage: '', size: 8 }], cards: [{ bridge: '', model: 'virtio', tag: '' }] })).sort()).toEqual(['cards', 'disks'])
})

it('gives cloud-init a drive beside the medium', () => {
  const params = vmParams({ ...vm, source: 'image', image: 'local:import/debian.qcow2', cloudInit: true, ciuser: 'me', cikeys: 'ssh-ed25519 AAAA me', ip4: 'static', address4: '192.0.2.10/24', gateway4: '192.0.2.1' })
  expect(params).toMatchObject({ ide2: 'local:cloudinit', ciuser: 'me', sshkeys: 'ssh-ed25519%20AAAA%20me', ipconfig0: 'ip=192.0.2.10/24,gw=192.0.2.1' })
  expect(vmParams({ ...vm, cloudInit: true })).toMatchObject({ ide1: 'local:cloudinit', ide2: 'none,media=cdrom', ipconfig0: 'ip=dhcp' })
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
