// What a VM always has: memory, processors, firmware, display, machine, controller.
import { IconCpu, IconDeviceDesktop, IconDatabase, IconEngine, IconFileText, IconServer2 } from '@tabler/icons-react'
import { createElement } from 'react'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import type { Guest } from '../../../api/resources'
import type { Definition } from '../config/rows'
import type { Getter } from '../config/settings'
import { readMachine } from './cpu'
import { CpuFlags, CpuType, MachineType } from './pickers'

const MIN_MEMORY = 16

function memoryText(get: Getter): string {
  const memory = parseProperties(get('memory') ?? '512', 'current').get('current') ?? '512'
  const balloon = get('balloon')
  const pages = get('hugepages')
  if (pages) return i18n._('{memory} MiB, huge pages ({size})', { memory, size: pages === 'any' ? i18n._('any') : `${pages} MiB` })
  if (balloon === '0') return i18n._('{memory} MiB, without balloon', { memory })
  if (balloon !== undefined && balloon !== memory) return i18n._('{least}–{memory} MiB', { least: balloon, memory })
  return i18n._('{memory} MiB', { memory })
}

function processorText(get: Getter): string {
  const sockets = Number(get('sockets') ?? get('smp') ?? 1)
  const cores = Number(get('cores') ?? 1)
  const type = parseProperties(get('cpu') ?? '', 'cputype').get('cputype') ?? 'kvm64'
  const total = i18n._('{n, plural, one {# processor} other {# processors}}', { n: sockets * cores })
  const parts = [
    i18n._('{sockets, plural, one {# socket} other {# sockets}}, {cores, plural, one {# core} other {# cores}}', { sockets, cores }),
    type,
    ...(get('cpulimit') && get('cpulimit') !== '0' ? [i18n._('limited to {n}', { n: get('cpulimit') ?? '' })] : []),
    ...(get('affinity') ? [i18n._('on processors {list}', { list: get('affinity') ?? '' })] : []),
    ...(get('vcpus') ? [i18n._('{n} switched on at start', { n: get('vcpus') ?? '' })] : []),
    ...(get('numa') === '1' ? ['NUMA'] : []),
    ...(get('kvm') === '0' ? [i18n._('without hardware virtualization')] : []),
  ]
  return `${total} (${parts.join('; ')})`
}

const SCSI: Record<string, string> = {
  lsi: 'LSI 53C895A',
  lsi53c810: 'LSI 53C810',
  megasas: 'MegaRAID SAS 8708EM2',
  'virtio-scsi-pci': 'VirtIO SCSI',
  'virtio-scsi-single': 'VirtIO SCSI single',
  pvscsi: 'VMware PVSCSI',
}

const DISPLAYS = (): { value: string; label: string }[] => [
  { value: 'std', label: i18n._('Standard VGA') },
  { value: 'virtio', label: 'VirtIO-GPU' },
  { value: 'virtio-gl', label: 'VirGL GPU' },
  { value: 'vmware', label: i18n._('VMware compatible') },
  { value: 'qxl', label: 'SPICE (QXL)' },
  ...[2, 3, 4].map((n) => ({ value: `qxl${n}`, label: i18n._('SPICE, {n} screens', { n }) })),
  { value: 'cirrus', label: 'Cirrus' },
  ...[0, 1, 2, 3].map((port) => ({ value: `serial${port}`, label: i18n._('Serial terminal {port}', { port }) })),
  { value: 'none', label: i18n._('None') },
]

function displayText(get: Getter): string {
  const vga = parseProperties(get('vga') ?? '', 'type')
  const type = vga.get('type')
  const name = type === undefined ? i18n._('Default') : (DISPLAYS().find((one) => one.value === type)?.label ?? type)
  const memory = vga.get('memory')
  const text = memory ? i18n._('{name}, {memory} MiB', { name, memory }) : name
  return vga.get('clipboard') ? i18n._('{text}, with clipboard', { text }) : text
}

function machineText(get: Getter): string {
  const machine = parseProperties(get('machine') ?? '', 'type')
  const type = machine.get('type')
  const name = type === undefined ? i18n._('Default (i440fx)') : type === 'pc' ? 'i440fx' : type
  return machine.has('viommu') ? `${name}, vIOMMU ${machine.get('viommu')}` : name
}

const isSerial = (type: string | undefined) => type?.startsWith('serial') || type === 'none'

const memory: Definition = {
  id: 'memory',
  label: () => i18n._('Memory'),
  icon: IconFileText,
  keys: ['memory', 'balloon', 'shares', 'allow-ksm', 'hugepages', 'keephugepages'],
  needs: 'VM.Config.Memory',
  text: memoryText,
  fields: (get) => [
    { key: 'memory', property: 'current', kind: 'number', label: () => i18n._('Memory'), suffix: 'MiB', min: MIN_MEMORY, step: 128, absent: '512', required: true },
    {
      key: 'balloon', kind: 'number', label: () => i18n._('Least memory'), suffix: 'MiB', min: 0, step: 128, advanced: get('balloon') === undefined,
      placeholder: () => i18n._('the same'), hint: () => i18n._('0 switches the balloon off'),
      check: (value, values) => (Number(value) > Number(values['memory:current']) ? i18n._('Not more than the memory') : undefined),
    },
    { key: 'shares', kind: 'number', label: () => i18n._('Weight'), min: 0, max: 50_000, placeholder: '1000', advanced: true, hint: () => i18n._('When the host distributes memory') },
    { key: 'allow-ksm', kind: 'switch', label: () => i18n._('Let the host merge equal pages (KSM)'), absent: '1', advanced: true },
    {
      key: 'hugepages', kind: 'select', label: () => i18n._('Huge pages'), absent: '', needs: 'root@pam', advanced: true,
      choices: () => [{ value: '', label: i18n._('None') }, { value: 'any', label: i18n._('any size') }, { value: '2', label: '2 MiB' }, { value: '1024', label: '1 GiB' }],
    },
    { key: 'keephugepages', kind: 'switch', label: () => i18n._('Keep huge pages for the next start'), absent: '0', needs: 'root@pam', advanced: true, when: ({ hugepages }) => Boolean(hugepages) },
  ],
}

const processors = (guest: Guest): Definition => ({
  id: 'processors',
  label: () => i18n._('Processors'),
  icon: IconCpu,
  keys: ['sockets', 'cores', 'cpu', 'vcpus', 'numa', 'smp', 'cpulimit', 'cpuunits', 'affinity'],
  needs: 'VM.Config.CPU',
  text: processorText,
  fields: () => [
    { key: 'sockets', kind: 'number', label: () => i18n._('Sockets'), min: 1, max: 4, absent: '1', required: true },
    { key: 'cores', kind: 'number', label: () => i18n._('Cores'), min: 1, max: 1024, absent: '1', required: true, hint: () => i18n._('of each socket') },
    { key: 'cpu', property: 'cputype', kind: 'custom', label: () => i18n._('Type'), absent: 'kvm64', draw: (field) => createElement(CpuType, { ...field, node: guest.node }) },
    { key: 'vcpus', kind: 'number', label: () => i18n._('Switched on at start'), min: 1, placeholder: () => i18n._('all'), advanced: true },
    { key: 'cpulimit', kind: 'number', label: () => i18n._('Limit'), min: 0, max: 128, step: 0.5, absent: '0', advanced: true, hint: () => i18n._('Processors of the host; 0 for no limit') },
    { key: 'cpuunits', kind: 'number', label: () => i18n._('Weight'), min: 1, max: 262_144, placeholder: '100', advanced: true, hint: () => i18n._('When processor time is short') },
    { key: 'affinity', kind: 'text', label: () => i18n._('Affinity'), placeholder: '0-3,8', needs: 'root@pam', advanced: true, hint: () => i18n._('Processors of the host that it runs on') },
    { key: 'numa', kind: 'switch', label: () => i18n._('NUMA'), absent: '0', advanced: true },
    { key: 'cpu', property: 'hidden', kind: 'switch', label: () => i18n._('Hide KVM from the guest'), absent: '0', advanced: true },
    {
      key: 'cpu', property: 'phys-bits', kind: 'text', label: () => i18n._('Address bits'), placeholder: '40', advanced: true, hint: () => i18n._('8 to 64, or “host”'),
      check: (value) => (value === 'host' || (/^\d+$/.test(value) && Number(value) >= 8 && Number(value) <= 64) ? undefined : i18n._('8 to 64, or “host”')),
    },
    { key: 'cpu', property: 'flags', kind: 'custom', label: () => i18n._('Flags'), tab: () => i18n._('Flags'), draw: (field) => createElement(CpuFlags, { ...field, node: guest.node }) },
  ],
})

const bios: Definition = {
  id: 'bios',
  label: () => i18n._('BIOS'),
  icon: IconServer2,
  keys: ['bios'],
  needs: 'VM.Config.Options',
  text: (get) => (get('bios') === 'ovmf' ? 'OVMF (UEFI)' : get('bios') === undefined ? i18n._('Default (SeaBIOS)') : 'SeaBIOS'),
  fields: () => [
    { key: 'bios', kind: 'select', label: () => i18n._('BIOS'), absent: 'seabios', choices: [{ value: 'seabios', label: 'SeaBIOS' }, { value: 'ovmf', label: 'OVMF (UEFI)' }] },
  ],
  note: () => i18n._('OVMF keeps its settings on an EFI disk: add one, or they are lost when the VM stops.'),
}

const display: Definition = {
  id: 'display',
  label: () => i18n._('Display'),
  icon: IconDeviceDesktop,
  keys: ['vga'],
  needs: 'VM.Config.HWType',
  text: displayText,
  fields: () => [
    { key: 'vga', property: 'type', kind: 'select', label: () => i18n._('Graphics card'), absent: 'std', choices: DISPLAYS },
    { key: 'vga', property: 'memory', kind: 'number', label: () => i18n._('Memory'), suffix: 'MiB', min: 4, max: 512, placeholder: () => i18n._('by its kind'), when: (values) => !isSerial(values['vga:type']) },
    { key: 'vga', property: 'clipboard', kind: 'select', label: () => i18n._('Clipboard'), absent: '', choices: () => [{ value: '', label: i18n._('Default') }, { value: 'vnc', label: 'VNC' }], hint: () => i18n._('VNC needs the SPICE tools in the guest; SPICE has its own'), when: (values) => !isSerial(values['vga:type']), advanced: true },
  ],
}

const machine = (guest: Guest): Definition => ({
  id: 'machine',
  label: () => i18n._('Machine'),
  icon: IconEngine,
  keys: ['machine'],
  needs: 'VM.Config.HWType',
  text: machineText,
  fields: () => [
    { key: 'machine', property: 'type', kind: 'custom', label: () => i18n._('Machine'), absent: 'pc', draw: (field) => createElement(MachineType, { ...field, node: guest.node }) },
    {
      key: 'machine', property: 'viommu', kind: 'select', label: () => i18n._('vIOMMU'), absent: 'none', choices: () => [{ value: 'none', label: i18n._('None') }, { value: 'intel', label: i18n._('Intel (q35 only)') }, { value: 'virtio', label: 'VirtIO' }],
      advanced: true, check: (value, values) => (value === 'intel' && readMachine(values['machine:type'] ?? '').chipset === 'pc' ? i18n._('Intel needs the machine q35') : undefined),
    },
    { key: 'machine', property: 'aw-bits', kind: 'number', label: () => i18n._('Address bits of the vIOMMU'), min: 32, max: 64, placeholder: () => i18n._('default'), advanced: true, when: (values) => values['machine:viommu'] === 'intel' || values['machine:viommu'] === 'virtio' },
    { key: 'machine', property: 'enable-s3', kind: 'switch', label: () => i18n._('Offer suspend to RAM (S3)'), absent: '0', advanced: true },
    { key: 'machine', property: 'enable-s4', kind: 'switch', label: () => i18n._('Offer suspend to disk (S4)'), absent: '0', advanced: true },
  ],
})

const scsihw: Definition = {
  id: 'scsihw',
  label: () => i18n._('SCSI Controller'),
  icon: IconDatabase,
  keys: ['scsihw'],
  needs: 'VM.Config.HWType',
  text: (get) => SCSI[get('scsihw') ?? 'lsi'] ?? get('scsihw'),
  fields: () => [
    { key: 'scsihw', kind: 'select', label: () => i18n._('SCSI Controller'), absent: 'lsi', choices: Object.entries(SCSI).map(([value, label]) => ({ value, label })) },
  ],
}

/** What every VM has, in the order of the table. */
export const hardwareOf = (guest: Guest): readonly Definition[] => [memory, processors(guest), bios, display, machine(guest), scsihw]
