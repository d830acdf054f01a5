import { describe, expect, it } from 'vitest'
import { isHibernated, verbs } from './power'

describe('changes of power', () => {
  it('of a stopped guest is to start it', () => expect(verbs({ type: 'qemu', status: 'stopped' })).toEqual(['start']))
  it('has none for a template', () => expect(verbs({ type: 'qemu', status: 'stopped', template: 1 })).toEqual([]))
  it('pause VMs, and let them go on', () => {
    expect(verbs({ type: 'qemu', status: 'running' })).toEqual(['shutdown', 'reboot', 'suspend', 'stop', 'reset'])
    expect(verbs({ type: 'qemu', status: 'paused' })).toContain('resume')
  })
  it('of a container are fewer', () => expect(verbs({ type: 'lxc', status: 'running' })).toEqual(['shutdown', 'reboot', 'stop']))
  it('of a VM that stopped itself is to go on, of one that crashed to begin anew', () => {
    expect(verbs({ type: 'qemu', status: 'io-error' })).toContain('resume')
    expect(verbs({ type: 'qemu', status: 'guest-panicked' })).toEqual(['reset', 'stop'])
  })
  it('of one that does not answer is to take its power', () => expect(verbs({ type: 'qemu', status: 'unknown' })).toEqual(['stop']))
})

it('a VM that hibernates is one that can be woken', () => {
  expect(isHibernated({ status: 'stopped', lock: 'suspended' })).toBe(true)
  expect(isHibernated({ status: 'running', lock: 'suspending' })).toBe(false)
})
