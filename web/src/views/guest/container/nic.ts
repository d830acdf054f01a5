// Network interfaces of a container: `name=eth0,bridge=vmbr0,ip=dhcp`.
import { parseProperties, printProperties, withProperties, type Properties } from '../../../lib/property'

export type Values = Record<string, string>

const TEXTS = ['name', 'bridge', 'hwaddr', 'tag', 'mtu', 'gw', 'gw6', 'rate', 'trunks'] as const
const FLAGS = ['firewall', 'link_down', 'host-managed'] as const
const MODES = new Set(['dhcp', 'auto', 'manual'])

/** Values of the form: an address is a mode, or `static` with the address beside it. */
export function valuesOf(nic: Properties): Values {
  const values: Values = {}
  for (const name of TEXTS) values[name] = nic.get(name) ?? ''
  for (const name of FLAGS) values[name] = nic.get(name) === '1' ? '1' : '0'
  for (const ip of ['ip', 'ip6'] as const) {
    const value = nic.get(ip) ?? ''
    values[`${ip}mode`] = value === '' ? 'none' : MODES.has(value) ? value : 'static'
    values[ip] = MODES.has(value) ? '' : value
  }
  return values
}

/** The option for values of the form; what it does not know stays. */
export function printNic(before: Properties, values: Values): string {
  const changes: Record<string, string | undefined> = {}
  for (const name of TEXTS) changes[name] = values[name] || undefined
  for (const name of FLAGS) changes[name] = values[name] === '1' ? '1' : undefined
  for (const [ip, gateway] of [['ip', 'gw'], ['ip6', 'gw6']] as const) {
    const mode = values[`${ip}mode`]
    changes[ip] = mode === 'static' ? values[ip] : mode === 'none' ? undefined : mode
    if (mode !== 'static') changes[gateway] = undefined
  }
  return printProperties(withProperties(before, changes))
}

export const readNic = (value: string): Properties => parseProperties(value)
