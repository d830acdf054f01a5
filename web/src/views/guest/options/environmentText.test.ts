import { expect, it } from 'vitest'
import { environmentLines, environmentValue, wrongLine } from './environmentText'

it('goes from lines to what is kept, and back', () => {
  expect(environmentValue('A=1\n\n  B=x y \n')).toBe('A=1\0B=x y')
  expect(environmentLines('A=1\0B=x y')).toBe('A=1\nB=x y')
  expect(environmentValue('')).toBe('')
})

it('says which line is no variable', () => {
  expect(wrongLine('A=1\n\nB')).toBe(3)
  expect(wrongLine('A=\n')).toBeUndefined()
})
