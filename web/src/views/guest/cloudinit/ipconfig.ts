// Addresses that cloud-init gives a card: `ip=192.0.2.10/24,gw=192.0.2.1,ip6=auto`.
import { i18n } from '../../../i18n'
import { parseProperties, printProperties } from '../../../lib/property'

type Mode4 = 'none' | 'dhcp' | 'static'
type Mode6 = Mode4 | 'auto'

export interface IpConfig extends Record<string, string> {
  mode4: Mode4
  ip: string
  gw: string
  mode6: Mode6
  ip6: string
  gw6: string
}

const mode = (value: string): Mode6 => (value === '' ? 'none' : value === 'dhcp' || value === 'auto' ? value : 'static')
const own = (value: string) => (mode(value) === 'static' ? value : '')

/** Reads the option; nothing set means DHCP, as cloud-init takes it. */
export function readIpConfig(value: string | undefined): IpConfig {
  const parts = parseProperties(value ?? '')
  const ip = parts.get('ip') ?? ''
  const ip6 = parts.get('ip6') ?? ''
  return { mode4: mode(ip) as Mode4, ip: own(ip), gw: parts.get('gw') ?? '', mode6: mode(ip6), ip6: own(ip6), gw6: parts.get('gw6') ?? '' }
}

export function printIpConfig({ mode4, ip, gw, mode6, ip6, gw6 }: IpConfig): string {
  return printProperties([
    ['ip', mode4 === 'none' ? undefined : mode4 === 'dhcp' ? 'dhcp' : ip],
    ['gw', mode4 === 'static' ? gw : undefined],
    ['ip6', mode6 === 'none' ? undefined : mode6 === 'static' ? ip6 : mode6],
    ['gw6', mode6 === 'static' ? gw6 : undefined],
  ])
}

/** What is wrong with it, by field. */
export function ipConfigProblems({ mode4, ip, gw, mode6, ip6, gw6 }: IpConfig): Partial<Record<string, string>> {
  const wrong: Record<string, string> = {}
  if (mode4 === 'static' && !/^\d+(\.\d+){3}\/\d+$/.test(ip)) wrong.ip = i18n._('An address with its prefix, such as 192.0.2.10/24')
  if (mode4 === 'static' && gw && !/^\d+(\.\d+){3}$/.test(gw)) wrong.gw = i18n._('An address without prefix')
  if (mode6 === 'static' && !/^[0-9a-f:.]+\/\d+$/i.test(ip6)) wrong.ip6 = i18n._('An address with its prefix, such as 2001:db8::10/64')
  if (mode6 === 'static' && gw6 && !/^[0-9a-f:.]+$/i.test(gw6)) wrong.gw6 = i18n._('An address without prefix')
  return wrong
}

/** Keys as the table names them: their comments, or their kinds. */
export function keyNames(encoded: string): string[] {
  return decodeKeys(encoded).split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#')).map((line) => {
    const [kind = '', , ...comment] = line.split(/\s+/)
    return comment.length > 0 ? `${comment.join(' ')} (${kind})` : kind
  })
}

/** Keys, which the option holds URL-encoded. */
export function decodeKeys(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

/** Keys as the option holds them. */
export const encodeKeys = (keys: string) => encodeURIComponent(keys.trim()).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
