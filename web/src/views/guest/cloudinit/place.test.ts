import { expect, it } from 'vitest'
import { placeOf, spanOf } from './place'

it('finds the place that a message names', () => {
  expect(placeOf('this is no YAML: did not find expected key at byte 34 line 4 column 2')).toEqual({ line: 4, column: 2 })
  expect(placeOf("line 3: 'users' is there twice")).toEqual({ line: 3, column: undefined })
  expect(placeOf('it begins with #cloud-config')).toBeUndefined()
})

it('means that line of the text, from its column on', () => {
  const text = '#cloud-config\nusers: [1\n bad: 2'
  expect(spanOf(text, { line: 2, column: 8 })).toEqual([21, 23])
  expect(spanOf(text, { line: 3 })).toEqual([24, 31])
  expect(spanOf(text, { line: 1, column: 99 })).toEqual([13, 13])
  expect(spanOf(text, { line: 9 })).toBeUndefined()
})
