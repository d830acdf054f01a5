import { describe, expect, it } from 'vitest'
import { algorithmOf, cleanName, fileName, fits, isChecksum, unpacked } from './files'

describe('names of files', () => {
  it('become what the server makes of them', () => {
    expect(cleanName('C:\\tmp\\Debian 13 (ä).iso')).toBe('Debian_13____.iso')
    expect(cleanName('/a/../b.iso')).toBe('b.iso')
  })
  it('must have the ending of their kind', () => {
    expect(fits('iso', 'A.ISO')).toBe(true)
    expect(fits('vztmpl', 'a.tar.zst')).toBe(true)
    expect(fits('iso', '.iso')).toBe(false)
    expect(fits('vztmpl', 'a.zip')).toBe(false)
    expect(fits('import', `${'x'.repeat(300)}.raw`)).toBe(false)
  })
  it('lose the ending of what packed them', () => {
    expect(unpacked('a.iso.zst')).toEqual({ name: 'a.iso', compression: 'zst' })
    expect(unpacked('a.iso')).toEqual({ name: 'a.iso', compression: null })
  })
  it('of volumes are their last part', () => {
    expect(fileName('local:iso/a.iso')).toBe('a.iso')
    expect(fileName('local:100/vm-100-disk-0.raw')).toBe('vm-100-disk-0.raw')
  })
})

describe('checksums', () => {
  it('have the length of their algorithm', () => {
    expect(isChecksum('md5', 'd41d8cd98f00b204e9800998ecf8427e')).toBe(true)
    expect(isChecksum('sha256', 'd41d8cd98f00b204e9800998ecf8427e')).toBe(false)
    expect(isChecksum('md5', 'x'.repeat(32))).toBe(false)
  })
  it('tell their algorithm', () => {
    expect(algorithmOf('a'.repeat(128))).toBe('sha512')
    expect(algorithmOf('abc')).toBeUndefined()
  })
})
