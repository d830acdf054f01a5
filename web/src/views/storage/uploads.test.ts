import { expect, it } from 'vitest'
import { formOf, speedOf, type Upload } from './uploads'

const upload: Upload = { id: 1, node: 'n', storage: 's', content: 'iso', name: 'a.iso', file: new File(['x'.repeat(1000)], 'b.iso') }

it('the file is the last part of the form', () => {
  const form = formOf({ ...upload, checksum: { algorithm: 'md5', text: 'abc' } })
  expect([...form.keys()]).toEqual(['content', 'checksum-algorithm', 'checksum', 'filename'])
  expect((form.get('filename') as File).name).toBe('a.iso')
})
it('speed is told when it is known', () => {
  const progress = { upload, sent: 500, since: 0, cancel: () => {} }
  expect(speedOf(progress, 500)).toEqual({})
  expect(speedOf(progress, 5000)).toEqual({ rate: 100, left: 5 })
})
