import { describe, expect, it } from 'vitest'
import { verbs } from './power'

describe('changes of power', () => {
  it('of a stopped guest is to start it', () => expect(verbs({ type: 'qemu', status: 'stopped' })).toEqual(['start']))
  it('has none for a template', () => expect(verbs({ type: 'qemu', status: 'stopped', template: 1 })).toEqual([]))
  it('pause VMs, and let them go on', () => {
    expect(verbs({ type: 'qemu', status: 'running' })).toEqual(['shutdown', 'reboot', 'suspend', 'stop', 'reset'])
    expect(verbs({ type: 'qemu', status: 'paused' })).toContain('resume')
  })
  it('of a container are fewer', () => expect(verbs({ type: 'lxc', status: 'running' })).toEqual(['shutdown', 'reboot', 'stop']))
})
