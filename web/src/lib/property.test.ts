import { describe, expect, it } from 'vitest'
import { parseProperties, printProperties, withProperties } from './property'

describe('property strings', () => {
  it('come back as they were', () => {
    for (const text of ['virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1', 'local:100/vm-100-disk-0.qcow2,size=32G', 'a=b=c'])
      expect(printProperties(parseProperties(text, 'file'), 'file')).toBe(text)
  })
  it('change in one place only', () => {
    const disk = parseProperties('local:iso/a.iso,media=cdrom,x-new=1', 'file')
    expect(printProperties(withProperties(disk, { file: 'none', media: 'cdrom' }), 'file')).toBe('none,media=cdrom,x-new=1')
    expect(printProperties(withProperties(disk, { media: undefined }), 'file')).toBe('local:iso/a.iso,x-new=1')
  })
})
