// A VM's network device.
import { i18n } from '../../../i18n'
import { useApi } from '../../../api/hooks'
import { settable } from '../../../api/offers'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import { firstFree } from '../config/settings'
import type { DialogProps } from './DiskDialogs'
import { useFirstChoice } from './firstChoice'
import { printNic, readNic } from './drives'
import { withProperties } from '../../../lib/property'
import type { UseFormReturnType } from '@mantine/form'

type Values = Record<string, string>

const MODELS = () => [
  { value: 'virtio', label: i18n._('VirtIO (paravirtualized)') },
  { value: 'e1000', label: 'Intel E1000' },
  { value: 'e1000e', label: 'Intel E1000E' },
  { value: 'rtl8139', label: 'Realtek RTL8139' },
  { value: 'vmxnet3', label: 'VMware vmxnet3' },
  ...['e1000-82544gc', 'e1000-82545em', 'i82551', 'i82557b', 'i82559er', 'ne2k_pci', 'pcnet'].map((value) => ({ value, label: value })),
]

export const MAC = /^([\da-f]{2}:){5}[\da-f]{2}$/i

/** Bridges of a node. */
export function useBridges(node: string): string[] {
  const { data } = useApi('/nodes/{node}/network', { node, type: 'any_bridge' })
  return (data ?? []).map((bridge) => bridge.iface)
}

/** What is wrong with a MAC address: it must be one, and not of a group. */
export function macProblem(mac: string): string | undefined {
  if (!MAC.test(mac)) return i18n._('Six pairs of hexadecimal digits: BC:24:11:00:00:01')
  return Number.parseInt(mac.slice(0, 2), 16) % 2 === 1 ? i18n._('This is the address of a group: the second digit must be even') : undefined
}

function nicFields(bridges: readonly string[]): Field[] {
  return [
    { key: 'bridge', kind: 'select', label: () => i18n._('Bridge'), choices: () => [...bridges.map((value) => ({ value, label: value })), { value: 'none', label: i18n._('None: no network') }], required: true },
    { key: 'model', kind: 'select', label: () => i18n._('Model'), choices: MODELS, required: true },
    { key: 'tag', kind: 'number', label: () => i18n._('VLAN tag'), min: 1, max: 4094, placeholder: () => i18n._('no VLAN') },
    { key: 'macaddr', kind: 'text', label: () => i18n._('MAC address'), placeholder: () => i18n._('made up'), check: macProblem },
    { key: 'firewall', kind: 'switch', label: () => i18n._('Firewall') },
    { key: 'link_down', kind: 'switch', label: () => i18n._('Disconnect'), hint: () => i18n._('The cable is unplugged') },
    ...(settable('net0', 'rate') ? [{ key: 'rate', kind: 'number', label: () => i18n._('Rate limit'), suffix: 'MB/s', min: 0.01, placeholder: () => i18n._('unlimited'), advanced: true } satisfies Field] : []),
    { key: 'mtu', kind: 'number', label: () => i18n._('MTU'), min: 1, max: 65_520, hint: () => i18n._('1: that of the bridge'), when: ({ model }) => model === 'virtio', advanced: true },
    { key: 'queues', kind: 'number', label: () => i18n._('Multiqueue'), min: 1, max: 64, when: ({ model }) => model === 'virtio', advanced: true },
    { key: 'trunks', kind: 'text', label: () => i18n._('VLAN trunks'), placeholder: '2;10-20', advanced: true, check: (value) => (/^\d+(-\d+)?(;\d+(-\d+)?)*$/.test(value) ? undefined : i18n._('Numbers and ranges, separated by “;”: 0-3;8')) },
    ...(settable('net0', 'host-tunnel') ? [{ key: 'host-tunnel', kind: 'switch', label: () => i18n._('Offloads for tunnels'), when: ({ model }) => model === 'virtio', advanced: true } satisfies Field] : []),
  ]
}

const PLAIN = ['tag', 'rate', 'mtu', 'queues', 'trunks'] as const
const FLAGS = ['firewall', 'link_down', 'host-tunnel'] as const

/** Changes a network device, or adds one when none is given. */
export function NicDialog({ guest, seen, change, close, device }: DialogProps & { device?: string }) {
  const before = readNic(device ? (seen.settings.get(device)?.next ?? '') : 'virtio,firewall=1')
  const bridges = useBridges(guest.node)
  const key = device ?? `net${firstFree(seen.settings, 'net', 32) ?? 0}`
  const fields = nicFields(bridges)
  const initial: Values = {
    model: before.model || 'virtio',
    macaddr: before.mac,
    bridge: before.rest.get('bridge') ?? (device ? 'none' : ''),
    ...Object.fromEntries(PLAIN.map((name) => [name, before.rest.get(name) ?? ''])),
    ...Object.fromEntries(FLAGS.map((name) => [name, before.rest.get(name) === '1' ? '1' : '0'])),
  }
  return (
    <Form<Values>
      initial={initial}
      validate={(values) => problems(fields, values)}
      submit={async (values) => {
        const virtio = values.model === 'virtio'
        const rest = withProperties(before.rest, {
          bridge: values.bridge === 'none' ? undefined : values.bridge,
          tag: values.tag,
          rate: values.rate,
          trunks: values.trunks,
          mtu: virtio ? values.mtu : undefined,
          queues: virtio ? values.queues : undefined,
          ...Object.fromEntries(FLAGS.map((name) => [name, values[name] === '1' ? '1' : undefined])),
        })
        const next = printNic({ model: values.model ?? 'virtio', mac: (values.macaddr ?? '').toUpperCase(), rest })
        if (next !== seen.settings.get(key)?.next) await change({ [key]: next }, seen.digest)
      }}
      fieldOf={(parameter) => (parameter === key ? 'bridge' : parameter)}
      done={close}
      action={device ? i18n._('OK') : i18n._('Add')}
    >
      {(form) => <Body form={form} fields={fields} bridges={bridges} />}
    </Form>
  )
}

function Body({ form, fields, bridges }: { form: UseFormReturnType<Values>; fields: Field[]; bridges: string[] }) {
  useFirstChoice(form, 'bridge', bridges)
  return <Fields fields={fields} form={form} />
}
