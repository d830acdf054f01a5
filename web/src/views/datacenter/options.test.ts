import { describe, expect, it } from 'vitest'
import { others, parseColours, printColours, printStructure, structure, wrongColour, wrongRange } from './options'

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

it('the range of guest IDs is in order', () => {
  expect(wrongRange('', '')).toEqual({})
  expect(wrongRange('200', '300')).toEqual({})
  expect(wrongRange('99', '')).toEqual({ lower: 'number' })
  expect(wrongRange('200', '200')).toEqual({ upper: 'order' })
  expect(wrongRange('', 'x')).toEqual({ upper: 'number' })
})
