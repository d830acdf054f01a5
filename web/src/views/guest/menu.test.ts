import { expect, it } from 'vitest'
import type { Guest } from '../../api/resources'
import { guestMenuItems } from './menu'

const guest = (more: Partial<Guest>): Guest => ({ id: 'qemu/100', type: 'qemu', vmid: 100, node: 'n1', name: 'web', status: 'stopped', ...more }) as Guest
const all = () => true
const off = (more: Partial<Guest>, may: (privilege: string) => boolean = all) =>
  Object.fromEntries(guestMenuItems(guest(more), may).filter((item) => item.disabled).map((item) => [item.id, item.why]))
const ids = (more: Partial<Guest>) => guestMenuItems(guest(more), all).map((item) => item.id)

it('offers what fits the state', () => {
  expect(ids({})).toEqual(['start', 'console', 'clone', 'template', 'showcmd', 'destroy'])
  expect(ids({ status: 'running', type: 'lxc' })).toEqual(['shutdown', 'reboot', 'stop', 'console', 'clone', 'template', 'destroy'])
  expect(ids({ template: 1 })).toEqual(['clone', 'destroy'])
})

it('says why something cannot be done', () => {
  expect(off({})).toEqual({})
  expect(off({ status: 'running' })).toEqual({ template: 'It is running: stop it first', destroy: 'It is running: stop it first' })
  expect(off({ lock: 'backup' }).start).toBe('It is locked: backup')
  expect(off({}, (privilege) => privilege === 'VM.PowerMgmt')).toEqual({
    showcmd: 'You need the privilege VM.Audit', console: 'You need the privilege VM.Console', clone: 'You need the privilege VM.Clone',
    template: 'You need the privilege VM.Allocate', destroy: 'You need the privilege VM.Allocate',
  })
})

it('a locked guest that runs can still be stopped', () => {
  expect(off({ status: 'running', lock: 'backup' }).stop).toBeUndefined()
})
