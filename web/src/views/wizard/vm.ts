// What a new VM is made of, and how the API is told.
import { settable } from '../../api/offers'
import { i18n } from '../../i18n'
import { printProperties } from '../../lib/property'
import { encodeKeys, printIpConfig } from '../guest/cloudinit/ipconfig'

export interface VmValues extends Record<string, unknown> {
  node: string
  vmid: string
  name: string
  pool: string
  tags: string[]
  onboot: boolean
  start: boolean
  /** What it is installed from. */
  source: 'iso' | 'image' | 'none'
  mediaStorage: string
  iso: string
  image: string
  ostype: string
  bios: 'seabios' | 'ovmf'
  machine: 'pc' | 'q35'
  agent: boolean
  serial: boolean
  bus: 'scsi' | 'virtio' | 'sata' | 'ide'
  storage: string
  /** GiB */
  size: number | string
  discard: boolean
  ssd: boolean
  sockets: number | string
  cores: number | string
  cpu: string
  /** MiB */
  memory: number | string
  ballooning: boolean
  /** MiB */
  balloon: number | string
  bridge: string
  model: 'virtio' | 'e1000' | 'rtl8139' | 'vmxnet3'
  tag: number | string
  mac: string
  firewall: boolean
  queues: number | string
  /** A second CD with drivers, which Windows needs for VirtIO. */
  drivers: string
  tpm: boolean
  cache: string
  numa: boolean
  cpulimit: number | string
  cpuunits: number | string
  display: string
  scsihw: string
  disks: MoreDisk[]
  cards: MoreCard[]
  cloudInit: boolean
  ciuser: string
  cipassword: string
  cikeys: string
  ip4: 'none' | 'dhcp' | 'static'
  address4: string
  gateway4: string
}

/** A disk besides the first. */
export interface MoreDisk {
  bus: VmValues['bus']
  storage: string
  /** GiB */
  size: number | string
}

/** A network card besides the first. */
export interface MoreCard {
  bridge: string
  model: VmValues['model']
  tag: number | string
}

/** What most VMs want; as PVE's own wizard begins. */
export const VM_DEFAULTS: VmValues = {
  node: '', vmid: '', name: '', pool: '', tags: [], onboot: false, start: true,
  source: 'iso', mediaStorage: '', iso: '', image: '', ostype: 'l26',
  bios: 'seabios', machine: 'pc', agent: true, serial: false,
  bus: 'scsi', storage: '', size: 32, discard: true, ssd: false,
  sockets: 1, cores: 2, cpu: 'x86-64-v2-AES', memory: 2048, ballooning: true, balloon: 0,
  bridge: '', model: 'virtio', tag: '', mac: '', firewall: false, queues: '',
  drivers: '', tpm: false, cache: 'none', numa: false, cpulimit: '', cpuunits: '', display: 'default', scsihw: 'virtio-scsi-single', disks: [], cards: [],
  cloudInit: false, ciuser: '', cipassword: '', cikeys: '', ip4: 'dhcp', address4: '', gateway4: '',
}

export const isWindows = (ostype: string) => ostype.startsWith('w')

/** What fits a guest system: Windows brings drivers for SATA and Intel's card, and 11 insists on UEFI and a TPM. */
export function forSystem(ostype: string): Partial<VmValues> {
  const windows = isWindows(ostype)
  const newest = ostype === 'win11'
  return {
    ostype,
    bus: windows ? 'sata' : 'scsi',
    model: windows ? 'e1000' : 'virtio',
    machine: newest ? 'q35' : 'pc',
    bios: newest ? 'ovmf' : 'seabios',
    tpm: newest && settable('tpmstate0'),
    ...(newest ? { memory: 4096, size: 64 } : {}),
  }
}

/** Guest systems by the names that the API has for them. */
export const OS_TYPES = {
  l26: 'Linux 2.6 – 6.x', l24: 'Linux 2.4', win11: 'Windows 11 / 2022 / 2025', win10: 'Windows 10 / 2016 / 2019', win8: 'Windows 8 / 2012',
  win7: 'Windows 7 / 2008r2', w2k8: 'Windows Vista / 2008', wxp: 'Windows XP / 2003', w2k: 'Windows 2000', solaris: 'Solaris', other: 'Other',
} as const

const flag = (on: boolean) => (on ? '1' : undefined)

function disk(v: VmValues): string {
  const from = v.source === 'image' && v.image ? v.image : undefined
  return printProperties(
    [
      ['file', `${v.storage}:${from ? 0 : v.size}`],
      ['import-from', from],
      ['discard', v.discard ? 'on' : undefined],
      ['ssd', v.bus === 'virtio' ? undefined : flag(v.ssd)],
      ['cache', v.cache === 'none' ? undefined : v.cache],
      ['iothread', v.bus === 'scsi' || v.bus === 'virtio' ? '1' : undefined],
    ],
    'file',
  )
}

/** The disks besides the first, at the first free numbers of their buses. */
function moreDisks(v: VmValues, taken: Set<string>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { bus, storage, size } of v.disks) {
    let index = 0
    while (taken.has(`${bus}${index}`)) index += 1
    taken.add(`${bus}${index}`)
    found[`${bus}${index}`] = printProperties([['file', `${storage}:${size}`], ['iothread', bus === 'scsi' || bus === 'virtio' ? '1' : undefined]], 'file')
  }
  return found
}

const card = ({ bridge, model, tag }: MoreCard, mac: string, rest: [string, string | undefined][]) =>
  // A card without an address of its own is named by its model alone: the node makes one.
  [mac ? `${model}=${mac}` : model, printProperties([['bridge', bridge], ['tag', tag ? String(tag) : undefined], ...rest])].join(',')

function cards(v: VmValues): Record<string, string> {
  if (!v.bridge) return {}
  const first = card(v, v.mac, [['firewall', flag(v.firewall)], ['queues', v.model === 'virtio' && v.queues ? String(v.queues) : undefined]])
  return Object.fromEntries([first, ...v.cards.map((one) => card(one, '', []))].map((text, n) => [`net${n}`, text]))
}

function cloudInit(v: VmValues, place: string): Record<string, string | undefined> {
  if (!v.cloudInit) return {}
  return {
    [place]: `${v.storage}:cloudinit`,
    ciuser: v.ciuser || undefined,
    cipassword: v.cipassword || undefined,
    sshkeys: v.cikeys.trim() ? encodeKeys(v.cikeys) : undefined,
    ipconfig0: v.bridge
      ? printIpConfig({ mode4: v.ip4, ip: v.address4, gw: v.gateway4, mode6: 'none', ip6: '', gw6: '' }) || undefined
      : undefined,
  }
}

/** Parameters of `POST /nodes/{node}/qemu`. */
export function vmParams(v: VmValues): Record<string, unknown> {
  // What q35 calls IDE hangs at the same controller as SATA: each has its own numbers.
  const place = v.bus === 'ide' || v.bus === 'sata' ? v.bus : 'ide'
  const cd = `${place}2`
  const taken = new Set([`${v.bus}0`, cd, `${place}1`, `${place}3`])
  const params: Record<string, unknown> = {
    node: v.node,
    vmid: Number(v.vmid),
    name: v.name || undefined,
    pool: v.pool || undefined,
    tags: v.tags.length > 0 ? v.tags.join(';') : undefined,
    onboot: v.onboot ? 1 : undefined,
    start: v.start ? 1 : undefined,
    ostype: v.ostype,
    bios: v.bios === 'ovmf' ? 'ovmf' : undefined,
    machine: v.machine === 'q35' ? 'q35' : undefined,
    efidisk0: v.bios === 'ovmf' ? `${v.storage}:1,efitype=4m,pre-enrolled-keys=1` : undefined,
    agent: v.agent ? '1' : undefined,
    serial0: v.serial ? 'socket' : undefined,
    tpmstate0: v.tpm ? `${v.storage}:1,version=v2.0` : undefined,
    vga: v.display === 'default' ? undefined : v.display,
    scsihw: v.scsihw,
    [`${v.bus}0`]: disk(v),
    sockets: Number(v.sockets),
    cores: Number(v.cores),
    cpu: v.cpu || undefined,
    numa: v.numa ? 1 : undefined,
    cpulimit: v.cpulimit === '' ? undefined : Number(v.cpulimit),
    cpuunits: v.cpuunits === '' ? undefined : Number(v.cpuunits),
    memory: String(v.memory),
    balloon: v.ballooning ? (Number(v.balloon) > 0 ? Number(v.balloon) : undefined) : 0,
  }
  if (v.source === 'iso') params[cd] = `${v.iso || 'none'},media=cdrom`
  if (v.drivers && isWindows(v.ostype)) params[`${place}3`] = `${v.drivers},media=cdrom`
  Object.assign(params, cloudInit(v, `${place}${v.source === 'iso' ? 1 : 2}`), moreDisks(v, taken), cards(v))
  params.boot = `order=${[`${v.bus}0`, v.source === 'iso' ? cd : undefined, v.bridge ? 'net0' : undefined].filter(Boolean).join(';')}`
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
}

/** What is missing or wrong, by field. */
export function vmProblems(v: VmValues): Partial<Record<keyof VmValues, string>> {
  const problems: Partial<Record<keyof VmValues, string>> = {}
  if (!v.node) problems.node = i18n._('Choose a node')
  if (!/^\d+$/.test(v.vmid) || Number(v.vmid) < 100 || Number(v.vmid) > 999_999_999) problems.vmid = i18n._('A number from 100 to 999999999')
  if (v.name && !/^(?=.{1,255}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(v.name)) problems.name = i18n._('A name as in DNS: letters, digits and dashes')
  if (!v.storage) problems.storage = i18n._('Choose a storage')
  if (v.source !== 'image' && !(Number(v.size) > 0)) problems.size = i18n._('A size above 0')
  if (v.source === 'image' && !v.image) problems.image = i18n._('Choose an image')
  if (!(Number(v.cores) > 0)) problems.cores = i18n._('At least 1')
  if (!(Number(v.sockets) > 0)) problems.sockets = i18n._('At least 1')
  if (!(Number(v.memory) >= 16)) problems.memory = i18n._('At least 16 MiB')
  if (v.mac && !/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i.test(v.mac)) problems.mac = i18n._('An address such as BC:24:11:12:34:56')
  if (v.cloudInit && v.ip4 === 'static' && !/^\d+(\.\d+){3}\/\d+$/.test(v.address4)) problems.address4 = i18n._('An address with its prefix, such as 192.0.2.10/24')
  if (v.disks.some(({ storage, size }) => !storage || !(Number(size) > 0))) problems.disks = i18n._('Each disk needs a storage and a size above 0')
  if (v.cards.some(({ bridge }) => !bridge)) problems.cards = i18n._('Each card needs a bridge')
  if (v.tag && !(Number(v.tag) >= 1 && Number(v.tag) <= 4094)) problems.tag = i18n._('A number from 1 to 4094')
  return problems
}
