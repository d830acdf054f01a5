import { beforeAll, expect, it } from 'vitest'
import { i18n } from '../../i18n'
import { dayOf, expiryName, startOf } from './expiry'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))

it('days and moments agree', () => {
  for (const day of ['2027-01-31', '2028-02-29', '1999-12-01']) expect(dayOf(startOf(day))).toBe(day)
})
it('no day is never', () => {
  expect(startOf('')).toBe(0)
  expect(dayOf(0)).toBe('')
  expect(expiryName(0)).toBe('never')
})
it('what is over says so', () => {
  expect(expiryName(86_400)).toMatch(/expired/)
  expect(expiryName(Date.now() / 1000 + 1e6)).not.toMatch(/expired/)
})
