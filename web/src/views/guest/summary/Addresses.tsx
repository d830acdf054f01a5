// IP addresses that a guest has. Nothing tells of their changes, so they are asked for while they are in sight.
import { useState } from 'react'
import { Anchor } from '@mantine/core'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import { guestPath, useSettings } from '../config/useSettings'

export interface Interface {
  name: string
  'hardware-address'?: string
  'ip-addresses'?: { 'ip-address': string; 'ip-address-type': string; prefix?: number }[]
}

export interface Address {
  text: string
  device: string
}

const SHOWN = 3
const EVERY_MS = 15_000

/** Addresses by which a guest can be reached from elsewhere: those of loopback and of the link only come to nothing. */
export function addressesOf(interfaces: readonly Interface[]): Address[] {
  return interfaces.flatMap(({ name, 'ip-addresses': addresses }) =>
    (addresses ?? [])
      .map((one) => one['ip-address'])
      .filter((text) => !/^(127\.|::1$|fe80:|169\.254\.)/i.test(text))
      .map((text) => ({ text, device: name })))
}

export function Addresses({ guest }: { guest: Guest }) {
  return guest.type === 'qemu' ? <OfVm guest={guest} /> : <OfContainer guest={guest} />
}

/** A VM's agent knows; without one nobody does. */
function OfVm({ guest }: { guest: Guest }) {
  const { data: seen } = useSettings(guest)
  const agent = parseProperties(seen?.settings.get('agent')?.now ?? '', 'enabled').get('enabled') === '1'
  const { data, error } = useApiAt<{ result: Interface[] }>(`${guestPath(guest)}/agent/network-get-interfaces`, {}, { enabled: agent, refetchInterval: EVERY_MS })
  if (seen && !agent) return <span className="dim">{i18n._('unknown: the guest agent is switched off in the options')}</span>
  return <List interfaces={data?.result} error={error} />
}

function OfContainer({ guest }: { guest: Guest }) {
  const { data, error } = useApiAt<Interface[]>(`${guestPath(guest)}/interfaces`, {}, { refetchInterval: EVERY_MS })
  return <List interfaces={data} error={error} />
}

function List({ interfaces, error }: { interfaces: Interface[] | undefined; error: Error | null }) {
  const [all, setAll] = useState(false)
  // What was known a moment ago may be wrong now: the guest's agent may just have ended.
  if (error) return <span className="dim">{error.message}</span>
  if (!interfaces) return '…'
  const addresses = addressesOf(interfaces)
  if (addresses.length === 0) return <span className="dim">{i18n._('none yet')}</span>
  const shown = all ? addresses : addresses.slice(0, SHOWN)
  return (
    <>
      {shown.map(({ text, device }) => <div key={`${device} ${text}`}><span className="mono">{text}</span> <span className="dim">{device}</span></div>)}
      {addresses.length > SHOWN && !all && (
        <Anchor component="button" type="button" size="sm" onClick={() => setAll(true)}>{i18n._('{n} more', { n: addresses.length - SHOWN })}</Anchor>
      )}
    </>
  )
}
