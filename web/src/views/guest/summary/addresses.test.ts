import { expect, it } from 'vitest'
import { addressesOf } from './Addresses'

it('shows addresses by which a guest can be reached', () => {
  const ip = (address: string) => ({ 'ip-address': address, 'ip-address-type': address.includes(':') ? 'inet6' : 'inet', prefix: 24 })
  const interfaces = [
    { name: 'lo', 'ip-addresses': [ip('127.0.0.1'), ip('::1')] },
    { name: 'eth0', 'ip-addresses': [ip('10.0.0.7'), ip('fe80::1'), ip('2001:db8::7')] },
    { name: 'eth1' },
  ]
  expect(addressesOf(interfaces).map((one) => `${one.device} ${one.text}`)).toEqual(['eth0 10.0.0.7', 'eth0 2001:db8::7'])
})
