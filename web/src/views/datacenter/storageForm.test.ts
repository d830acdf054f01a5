import { describe, expect, it } from 'vitest'
import { changes, created, settingsOf, valuesOf, wrongStorage } from './storageForm'

const config = {
  storage: 'backups',
  type: 'dir',
  path: '/srv/b',
  content: 'backup,iso',
  nodes: 'n1,n2',
  disable: 1,
  shared: 1,
  'prune-backups': 'keep-last=3,keep-daily=7',
  is_mountpoint: 'yes',
}

describe('the form of a storage', () => {
  it('keeps what it read', () => {
    const values = valuesOf(config)
    expect(changes(values, values)).toEqual({})
    expect(settingsOf(values)).toMatchObject({ content: 'backup,iso', nodes: 'n1,n2', disable: 1, shared: 1, is_mountpoint: 'yes', 'prune-backups': 'keep-last=3,keep-daily=7' })
  })
  it('sends what changed and takes out what is at its default again', () => {
    const before = valuesOf(config)
    expect(changes(before, { ...before, enabled: true, nodes: [], content: [] })).toEqual({ content: 'none', delete: 'nodes,disable' })
    expect(changes(before, { ...before, 'keep-all': true })).toEqual({ 'prune-backups': 'keep-all=1' })
    expect(changes(before, { ...before, 'create-subdirs': false })).toEqual({ 'create-base-path': 1, 'create-subdirs': 0 })
  })
  it('of a new one has what the API needs and nothing at its default', () => {
    expect(created({ ...valuesOf(), storage: 'fast', path: '/srv/fast' })).toEqual({
      storage: 'fast', type: 'dir', path: '/srv/fast', content: 'images,rootdir', 'prune-backups': 'keep-all=1',
    })
  })
  it('reads the API’s other spellings', () => {
    expect(valuesOf({ ...config, mkdir: 'no' })['create-base-path']).toBe(false)
    expect(valuesOf({ ...config, 'prune-backups': { 'keep-last': 2 } }).keep['keep-last']).toBe('2')
    expect(valuesOf({ ...config, content: 'none' }).content).toEqual([])
  })
})

describe('a storage is checked before it is sent', () => {
  const good = { ...valuesOf(), storage: 'fast', path: '/srv/fast' }
  it('by field', () => {
    expect(wrongStorage(good, true)).toEqual({})
    expect(wrongStorage({ ...good, storage: '1x', path: '' }, true)).toEqual({ storage: 'name', path: 'empty' })
    expect(wrongStorage({ ...good, path: '/a/../b' }, true)).toEqual({ path: 'path' })
    expect(wrongStorage({ ...good, mountpoint: 'maybe' }, true)).toEqual({ mountpoint: 'mountpoint' })
    expect(wrongStorage({ ...good, 'max-protected-backups': '-2' }, true)).toEqual({ 'max-protected-backups': 'number' })
  })
  it('rules that keep nothing are no rules', () => {
    expect(wrongStorage({ ...good, 'keep-all': false }, true)).toEqual({ 'keep.keep-last': 'none' })
    expect(wrongStorage({ ...good, 'keep-all': false, keep: { ...good.keep, 'keep-daily': 'x' } }, true)).toEqual({ 'keep.keep-daily': 'number' })
    expect(wrongStorage({ ...good, 'keep-all': false, keep: { ...good.keep, 'keep-daily': '7' } }, true)).toEqual({})
  })
})

describe('what only some types have', () => {
  const wish = { ...valuesOf({ type: 'nfs' }), storage: 'nas', own: { server: 'nas.example.org', export: '/vm', options: '' } }
  it('is sent, and what a type lacks is not', () => {
    expect(created({ ...wish, path: '/not/asked', shared: true })).toEqual({ storage: 'nas', type: 'nfs', content: 'images,rootdir', server: 'nas.example.org', export: '/vm', 'prune-backups': 'keep-all=1' })
    expect(created({ ...valuesOf({ type: 'lvm' }), storage: 'fast', own: { vgname: 'vg0', saferemove: '1', tagged_only: '' } })).toEqual({ storage: 'fast', type: 'lvm', content: 'images,rootdir', vgname: 'vg0', saferemove: '1' })
  })
  it('is needed where the type needs it', () => {
    expect(wrongStorage(wish, true)).toEqual({})
    expect(wrongStorage({ ...wish, own: { server: ' ' } }, true)).toEqual({ 'own.server': 'needed', 'own.export': 'needed' })
  })
  it('can be changed and taken back', () => {
    const before = valuesOf({ type: 'btrfs', storage: 'b', path: '/srv/b', nocow: 1 })
    expect(changes(before, { ...before, own: { nocow: '' } })).toEqual({ delete: 'nocow' })
  })
})
