import { describe, expect, it } from 'vitest'
import { isMacPrefix, others, parseColours, printColours, printStructure, structure, wrongColour, wrongRange } from './options'

describe('structured settings', () => {
  it('come as objects or as text', () => {
    for (const value of [{ lower: '200', upper: '300' }, 'lower=200,upper=300'])
      expect(printStructure(structure(value))).toBe('lower=200,upper=300')
    expect(structure(undefined)).toEqual({})
  })
  it('leave out what is empty', () => {
    expect(printStructure({ lower: '', upper: '5000', x: undefined })).toBe('upper=5000')
  })
  it('that have no effect are told apart', () => {
    const settings = { keyboard: 'de', description: 'x', 'allowed-tags': [], migration: { type: 'secure', network: '10.0.0.0/8' }, http_proxy: 'http://p' }
    expect(others(settings)).toEqual([['migration', 'type=secure,network=10.0.0.0/8'], ['http_proxy', 'http://p']])
  })
})

describe('colours of tags', () => {
  it('come back as they were', () => {
    for (const map of ['web:ff0000', 'web:ff0000:ffffff;db:00FF00', '']) expect(printColours(parseColours(map))).toBe(map)
  })
  it('are checked by field', () => {
    expect(wrongColour({ tag: 'web', back: '#ff0000', text: '' })).toBeNull()
    expect(wrongColour({ tag: '-x', back: '#ff0000', text: '' })).toBe('tag')
    expect(wrongColour({ tag: 'a', back: 'red', text: '' })).toBe('back')
    expect(wrongColour({ tag: 'a', back: '#ff0000', text: '#12' })).toBe('text')
  })
})

it('a prefix of hardware addresses is one of a single host', () => {
  for (const good of ['BC:24:11', 'bc:24', '02', 'BC:24:11:']) expect(isMacPrefix(good), good).toBe(true)
  for (const bad of ['01:24:11', 'BC:24:1', 'BC:24:11:00', 'x', '']) expect(isMacPrefix(bad), bad).toBe(false)
})

it('the range of guest IDs is in order', () => {
  expect(wrongRange('', '')).toEqual({})
  expect(wrongRange('200', '300')).toEqual({})
  expect(wrongRange('99', '')).toEqual({ lower: 'number' })
  expect(wrongRange('200', '200')).toEqual({ upper: 'order' })
  expect(wrongRange('', 'x')).toEqual({ upper: 'number' })
})
