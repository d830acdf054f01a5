import { expect, it } from 'vitest'
import { canLookUp, found, question } from './scan'

it('asks only when what the question needs is filled in', () => {
  expect(question('nfs', 'export', { server: '' })).toBeNull()
  expect(question('nfs', 'export', { server: ' nas ' })).toEqual({ what: 'nfs', parameters: { server: 'nas' } })
  expect(question('lvmthin', 'thinpool', { vgname: 'vg0' })).toEqual({ what: 'lvmthin', parameters: { vg: 'vg0' } })
  expect(question('cifs', 'share', { server: 'nas', username: 'jo', password: 'x', domain: '' })).toEqual({ what: 'cifs', parameters: { server: 'nas', username: 'jo', password: 'x' } })
  expect(question('dir', 'path', {})).toBeNull()
})

it('knows which settings can be looked up', () => {
  expect([canLookUp('lvm', 'vgname'), canLookUp('lvm', 'saferemove'), canLookUp('dir', 'path')]).toEqual([true, false, false])
})

it('takes the values out of the answers', () => {
  expect(found('nfs', [{ path: '/srv/a', options: '*' }, { options: 'x' }])).toEqual(['/srv/a'])
  expect(found('lvm', [{ vg: 'vg0' }])).toEqual(['vg0'])
})
