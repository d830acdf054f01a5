// A container's network interface.
import type { UseFormReturnType } from '@mantine/form'
import { settable } from '../../../api/offers'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import type { DialogProps } from '../hardware/DiskDialogs'
import { useFirstChoice } from '../hardware/firstChoice'
import { macProblem, useBridges } from '../hardware/NicDialog'
import { printNic, readNic, valuesOf, type Values } from './nic'

const CIDR4 = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/
const CIDR6 = /^[\da-f:]+(:\d+\.\d+\.\d+\.\d+)?\/\d{1,3}$/i

const ADVANCED: readonly Field[] = [
  { key: 'rate', kind: 'number', label: () => i18n._('Rate limit'), suffix: 'MB/s', min: 0.01, placeholder: () => i18n._('unlimited'), advanced: true },
  { key: 'trunks', kind: 'list', separator: ';', label: () => i18n._('VLAN trunks'), placeholder: '10;20', advanced: true },
  { key: 'host-managed', kind: 'switch', label: () => i18n._('The node sets the addresses'), advanced: true },
]

function interfaceFields(bridges: readonly string[]): Field[] {
  const offered = ({ key }: Field) => settable('net0', key, 'lxc')
  const is = (ip: string, mode: string) => (values: Values) => values[`${ip}mode`] === mode
  return [
    { key: 'name', kind: 'text', label: () => i18n._('Name'), placeholder: 'eth0', required: true, check: (value) => (/^[-_.\w]{1,15}$/.test(value) ? undefined : i18n._('Letters, digits, - _ and . , at most 15')) },
    { key: 'bridge', kind: 'select', label: () => i18n._('Bridge'), choices: bridges, required: true },
    { key: 'ipmode', kind: 'select', label: () => 'IPv4', choices: () => [{ value: 'none', label: i18n._('None') }, { value: 'static', label: i18n._('Static') }, { value: 'dhcp', label: 'DHCP' }, { value: 'manual', label: i18n._('Left to the container') }] },
    { key: 'ip', kind: 'text', label: () => i18n._('IPv4 address with prefix length'), placeholder: '10.0.0.2/24', required: true, when: is('ip', 'static'), check: (value) => (CIDR4.test(value) ? undefined : i18n._('Such as 10.0.0.2/24')) },
    { key: 'gw', kind: 'text', label: () => i18n._('Gateway (IPv4)'), placeholder: '10.0.0.1', when: is('ip', 'static') },
    { key: 'ip6mode', kind: 'select', label: () => 'IPv6', choices: () => [{ value: 'none', label: i18n._('None') }, { value: 'static', label: i18n._('Static') }, { value: 'dhcp', label: 'DHCP' }, { value: 'auto', label: 'SLAAC' }, { value: 'manual', label: i18n._('Left to the container') }] },
    { key: 'ip6', kind: 'text', label: () => i18n._('IPv6 address with prefix length'), placeholder: '2001:db8::2/64', required: true, when: is('ip6', 'static'), check: (value) => (CIDR6.test(value) ? undefined : i18n._('Such as 2001:db8::2/64')) },
    { key: 'gw6', kind: 'text', label: () => i18n._('Gateway (IPv6)'), placeholder: 'fe80::1', when: is('ip6', 'static') },
    { key: 'tag', kind: 'number', label: () => i18n._('VLAN tag'), min: 1, max: 4094, placeholder: () => i18n._('no VLAN') },
    { key: 'hwaddr', kind: 'text', label: () => i18n._('MAC address'), placeholder: () => i18n._('made up'), check: macProblem },
    { key: 'firewall', kind: 'switch', label: () => i18n._('Firewall') },
    { key: 'link_down', kind: 'switch', label: () => i18n._('Disconnect'), hint: () => i18n._('The cable is unplugged') },
    { key: 'mtu', kind: 'number', label: () => i18n._('MTU'), min: 64, max: 65_535, placeholder: () => i18n._('that of the bridge'), advanced: true },
    ...ADVANCED.filter(offered),
  ]
}

/** Changes an interface, or adds it when there is none at that place. */
export function InterfaceDialog({ guest, seen, change, close, device }: DialogProps & { device: string }) {
  const now = seen.settings.get(device)?.next
  const before = readNic(now ?? `name=eth${device.slice(3)},firewall=1,ip=dhcp`)
  const bridges = useBridges(guest.node)
  const fields = interfaceFields(bridges)
  return (
    <Form<Values>
      initial={valuesOf(before)}
      validate={(values) => problems(fields, values)}
      submit={async (values) => {
        const next = printNic(before, { ...values, hwaddr: (values.hwaddr ?? '').toUpperCase() })
        if (next !== now) await change({ [device]: next }, seen.digest)
      }}
      fieldOf={(parameter) => (parameter === device ? 'bridge' : parameter)}
      done={close}
      action={now === undefined ? i18n._('Add') : i18n._('OK')}
    >
      {(form) => <Body form={form} fields={fields} bridges={bridges} />}
    </Form>
  )
}

function Body({ form, fields, bridges }: { form: UseFormReturnType<Values>; fields: Field[]; bridges: string[] }) {
  useFirstChoice(form, 'bridge', bridges)
  return <Fields fields={fields} form={form} />
}
