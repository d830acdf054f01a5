import { describe, expect, it } from 'vitest'
import { aclPath, isDirectory, isPlainName, isPoolName, isStorageName, isTokenName, isUserid, pathsAbove, words } from './names'

describe('names', () => {
  it('of users have a realm', () => {
    for (const good of ['root@pam', 'anna.b@pve', 'a@b.c@my-realm']) expect(isUserid(good), good).toBe(true)
    for (const bad of ['root', '@pam', 'a b@pam', 'a:b@pam', 'a/b@pam', 'a@1x', `${'x'.repeat(61)}@pam`]) expect(isUserid(bad), bad).toBe(false)
  })
  it('of groups, tokens, pools and storages are plain', () => {
    expect(['ops', 'a.b-c_d', '1'].every(isPlainName)).toBe(true)
    expect(['', 'a b', 'ä', 'a/b'].some(isPlainName)).toBe(false)
    expect(isTokenName('ci-1')).toBe(true)
    expect(['x', '1x', 'a!'].some(isTokenName)).toBe(false)
    expect(['a', 'a/b', 'a/b/c'].every(isPoolName)).toBe(true)
    expect(['', '/a', 'a/', 'a//b', 'a/b/c/d'].some(isPoolName)).toBe(false)
    expect(['local', 'nfs-1', 'a2'].every(isStorageName)).toBe(true)
    expect(['a', '1a', 'a-', ''].some(isStorageName)).toBe(false)
  })
  it('of directories lead nowhere else', () => {
    expect(['/srv/vz', '/mnt/a b'].every(isDirectory)).toBe(true)
    expect(['/', '//', 'srv', '/a/../b', '/a,b', '/a\nb', ''].some(isDirectory)).toBe(false)
  })
})

describe('paths of access control', () => {
  it('have one spelling', () => {
    for (const [text, path] of [['', '/'], ['/', '/'], ['vms/100/', '/vms/100'], ['//pool//a/b', '/pool/a/b']] as const)
      expect(aclPath(text)).toBe(path)
  })
  it('must exist', () => {
    for (const bad of ['/users', '/vms/99', '/vms/0100', '/vms/x', '/pool/a/b/c/d', '/vms/1 00', '/access/users', '/nodes/a/b'])
      expect(aclPath(bad), bad).toBeNull()
  })
  it('inherit from those above', () => {
    expect(pathsAbove('/')).toEqual([])
    expect(pathsAbove('/vms/100')).toEqual(['/', '/vms'])
  })
})

it('lists are separated by anything', () => {
  expect(words('a,b; c\td')).toEqual(['a', 'b', 'c', 'd'])
  expect(words(undefined)).toEqual([])
})
