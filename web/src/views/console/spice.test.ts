import { expect, it } from 'vitest'
import { viewerFile } from './spice'

it('writes a file for the viewer, one line a value', () => {
  expect(viewerFile({ type: 'spice', host: 'x', 'tls-port': 61000, ca: '-----BEGIN\nabc\n', title: 'VM 1\nproxy=evil', 'no\nname': 1, none: undefined })).toBe(
    '[virt-viewer]\ntype=spice\nhost=x\ntls-port=61000\nca=-----BEGIN\\nabc\\n\ntitle=VM 1\\nproxy=evil\n',
  )
})
