import { describe, expect, it } from 'vitest'
import { printNic, readNic, valuesOf } from './nic'

describe('network interfaces of a container', () => {
  it('come back as they were', () => {
    for (const text of [
      'name=eth0,bridge=vmbr0,firewall=1,gw=10.0.0.1,hwaddr=BC:24:11:00:00:01,ip=10.0.0.2/24,ip6=auto,type=veth',
      'bridge=vmbr1,ip=dhcp,name=eth1,tag=7',
    ])
      expect(printNic(readNic(text), valuesOf(readNic(text)))).toBe(text)
  })
  it('lose the gateway with their address', () => {
    const nic = readNic('name=eth0,gw=10.0.0.1,ip=10.0.0.2/24')
    expect(printNic(nic, { ...valuesOf(nic), ipmode: 'dhcp' })).toBe('name=eth0,ip=dhcp')
    expect(printNic(nic, { ...valuesOf(nic), ipmode: 'none' })).toBe('name=eth0')
  })
})
