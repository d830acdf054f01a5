import { beforeAll, describe, expect, it } from 'vitest'
import { i18n } from '../../i18n'
import { entriesOf } from './AclTable'
import { rightsOf } from './EffectivePermissions'
import { startOf } from './expiry'
import { accountOf } from './Users'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))

const entry = (path: string, propagate: 0 | 1 = 1) => ({ path, propagate, type: 'user', ugid: 'a@pve', roleid: 'PVEAuditor' })

describe('permissions of a thing', () => {
  const all = [entry('/'), entry('/vms', 0), entry('/vms/100', 0), entry('/vms/101'), entry('/pool/a'), entry('/pool/b')]
  it('are its own and those from above that propagate', () => {
    expect(entriesOf(all, '/vms/100').map(({ path }) => path)).toEqual(['/', '/vms/100'])
  })
  it('are those of its pool, too', () => {
    expect(entriesOf(all, '/vms/100', 'a').map(({ path }) => path)).toEqual(['/', '/vms/100', '/pool/a'])
  })
  it('are all of them where no thing is meant', () => expect(entriesOf(all, undefined)).toHaveLength(all.length))
})

it('effective permissions are one row a privilege', () => {
  expect(rightsOf({ '/': { 'VM.Audit': 1 }, '/vms/100': { 'VM.Audit': 0, 'VM.Console': 1 } })).toEqual([
    { path: '/', privilege: 'VM.Audit', below: true },
    { path: '/vms/100', privilege: 'VM.Audit', below: false },
    { path: '/vms/100', privilege: 'VM.Console', below: true },
  ])
})

it('an account is sent whole: what was emptied is emptied', () => {
  expect(accountOf({ enable: false, expire: '2030-01-31', firstname: 'A', lastname: '', email: '', comment: '', groups: ['x', 'y'] })).toEqual({
    enable: 0, expire: startOf('2030-01-31'), firstname: 'A', lastname: '', email: '', comment: '', groups: 'x,y',
  })
})
