import { describe, expect, it } from 'vitest'
import { decodeKeys, encodeKeys, ipConfigProblems, keyNames, printIpConfig, readIpConfig } from './ipconfig'

describe('addresses of a card', () => {
  it.each(['', 'ip=dhcp', 'ip=192.0.2.10/24,gw=192.0.2.1', 'ip=dhcp,ip6=auto', 'ip6=2001:db8::10/64,gw6=2001:db8::1'])('%s comes back as it was', (value) => {
    expect(printIpConfig(readIpConfig(value))).toBe(value)
  })
  it('a gateway goes with its address', () => {
    expect(printIpConfig({ ...readIpConfig('ip=192.0.2.10/24,gw=192.0.2.1'), mode4: 'dhcp' })).toBe('ip=dhcp')
  })
  it('need a prefix', () => {
    expect(ipConfigProblems({ ...readIpConfig(''), mode4: 'static', ip: '192.0.2.10' })).toHaveProperty('ip')
    expect(ipConfigProblems(readIpConfig('ip=192.0.2.10/24'))).toEqual({})
  })
})

describe('SSH keys', () => {
  const KEYS = "ssh-ed25519 AAAA me@home (it's)\nssh-rsa BBBB"
  it('come back as they were', () => {
    expect(encodeKeys(KEYS)).not.toMatch(/[ '()\n]/)
    expect(decodeKeys(encodeKeys(KEYS))).toBe(KEYS)
  })
  it('are named by their comments', () => {
    expect(keyNames(encodeKeys(KEYS))).toEqual(["me@home (it's) (ssh-ed25519)", 'ssh-rsa'])
    expect(keyNames('%zz')).toEqual(['%zz'])
  })
})
