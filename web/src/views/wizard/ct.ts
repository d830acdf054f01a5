// What a new container is made of, and how the API is told.
import { i18n } from '../../i18n'
import { printProperties } from '../../lib/property'

export interface CtValues extends Record<string, unknown> {
  node: string
  vmid: string
  hostname: string
  pool: string
  tags: string[]
  unprivileged: boolean
  nesting: boolean
  onboot: boolean
  start: boolean
  password: string
  repeat: string
  keys: string
  templateStorage: string
  template: string
  storage: string
  /** GiB */
  size: number | string
  cores: number | string
  /** MiB */
  memory: number | string
  /** MiB */
  swap: number | string
  bridge: string
  tag: number | string
  ip4: 'dhcp' | 'static' | 'none'
  address4: string
  gateway4: string
  ip6: 'dhcp' | 'auto' | 'static' | 'none'
  address6: string
  gateway6: string
  searchdomain: string
  nameserver: string
}

/** What most containers want; as PVE's own wizard begins. */
export const CT_DEFAULTS: CtValues = {
  node: '', vmid: '', hostname: '', pool: '', tags: [], unprivileged: true, nesting: true, onboot: false, start: true,
  password: '', repeat: '', keys: '', templateStorage: '', template: '', storage: '', size: 8,
  cores: 1, memory: 512, swap: 512, bridge: '', tag: '',
  ip4: 'dhcp', address4: '', gateway4: '', ip6: 'none', address6: '', gateway6: '', searchdomain: '', nameserver: '',
}

const address = (kind: string, own: string) => (kind === 'static' ? own : kind === 'none' ? undefined : kind)

/** Parameters of `POST /nodes/{node}/lxc`. */
export function ctParams(v: CtValues): Record<string, unknown> {
  const params: Record<string, unknown> = {
    node: v.node,
    vmid: Number(v.vmid),
    ostemplate: v.template,
    hostname: v.hostname || undefined,
    pool: v.pool || undefined,
    tags: v.tags.length > 0 ? v.tags.join(';') : undefined,
    unprivileged: v.unprivileged ? 1 : 0,
    features: v.nesting ? 'nesting=1' : undefined,
    onboot: v.onboot ? 1 : undefined,
    start: v.start ? 1 : undefined,
    password: v.password || undefined,
    'ssh-public-keys': v.keys.trim() || undefined,
    rootfs: `${v.storage}:${v.size}`,
    cores: v.cores === '' ? undefined : Number(v.cores),
    memory: Number(v.memory),
    swap: Number(v.swap),
    searchdomain: v.searchdomain || undefined,
    nameserver: v.nameserver || undefined,
    net0: v.bridge
      ? printProperties([
          ['name', 'eth0'],
          ['bridge', v.bridge],
          ['tag', v.tag ? String(v.tag) : undefined],
          ['ip', address(v.ip4, v.address4)],
          ['gw', v.ip4 === 'static' ? v.gateway4 : undefined],
          ['ip6', address(v.ip6, v.address6)],
          ['gw6', v.ip6 === 'static' ? v.gateway6 : undefined],
        ])
      : undefined,
  }
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
}

/** What is missing or wrong, by field. */
export function ctProblems(v: CtValues): Partial<Record<keyof CtValues, string>> {
  const problems: Partial<Record<keyof CtValues, string>> = {}
  if (!v.node) problems.node = i18n._('Choose a node')
  if (!/^\d+$/.test(v.vmid) || Number(v.vmid) < 100 || Number(v.vmid) > 999_999_999) problems.vmid = i18n._('A number from 100 to 999999999')
  if (!v.template) problems.template = i18n._('Choose a template')
  if (!v.storage) problems.storage = i18n._('Choose a storage')
  if (!(Number(v.size) > 0)) problems.size = i18n._('A size above 0')
  if (!(Number(v.memory) >= 16)) problems.memory = i18n._('At least 16 MiB')
  if (!v.password && !v.keys.trim()) problems.password = i18n._('A password or an SSH key, or nobody can log in')
  if (v.password && v.password.length < 5) problems.password = i18n._('At least 5 characters')
  if (v.password !== v.repeat) problems.repeat = i18n._('This is not the same password')
  if (v.ip4 === 'static' && !/^\d+(\.\d+){3}\/\d+$/.test(v.address4)) problems.address4 = i18n._('An address with its prefix, such as 192.0.2.10/24')
  if (v.ip6 === 'static' && !/^[0-9a-f:]+\/\d+$/i.test(v.address6)) problems.address6 = i18n._('An address with its prefix, such as 2001:db8::10/64')
  return problems
}
