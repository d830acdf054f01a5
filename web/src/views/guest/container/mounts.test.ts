import { expect, it } from 'vitest'
import { isOfHost, pathProblem, printMount } from './mounts'

const wish = { kind: 'volume', storage: 'local', size: '8', source: '', mp: '/srv' } as const

it('tells volumes from what is of the node', () => {
  expect(isOfHost('/srv/share,mp=/srv')).toBe(true)
  expect(isOfHost('local:100/vm-100-disk-1.raw,mp=/srv,size=8G')).toBe(false)
  expect(isOfHost('volume=/dev/sdb1,mp=/srv')).toBe(true)
})

it('writes a new mount point with its options', () => {
  expect(printMount(wish, 'ro=1,backup=1')).toBe('local:8,mp=/srv,ro=1,backup=1')
  expect(printMount({ ...wish, kind: 'bind', source: '/srv/share' }, undefined)).toBe('/srv/share,mp=/srv')
})

it('knows which paths can be', () => {
  expect(pathProblem('/srv/data')).toBeUndefined()
  expect(pathProblem('srv')).toBe('relative')
  expect(pathProblem('/srv/../etc')).toBe('up')
  expect(pathProblem('/./')).toBe('root')
  expect(pathProblem('/a,b')).toBe('comma')
})
