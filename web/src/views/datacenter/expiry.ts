// Ends of accounts and tokens: a day in forms, seconds since the epoch in the API; 0 is never.
import { i18n } from '../../i18n'

const two = (n: number) => String(n).padStart(2, '0')

/** The day (`2027-01-31`, as date fields have it) of a moment; empty for never. */
export function dayOf(seconds: number | undefined): string {
  if (!seconds) return ''
  const date = new Date(seconds * 1000)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** When a day begins here, in seconds since the epoch; 0 for no day. */
export function startOf(day: string): number {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return 0
  return Math.floor(new Date(year, month - 1, date).getTime() / 1000)
}

/** The end in words. */
export function expiryName(seconds: number): string {
  if (!seconds) return i18n._('never')
  const day = new Date(seconds * 1000).toLocaleDateString(i18n.locale || 'en', { dateStyle: 'medium' })
  return seconds * 1000 < Date.now() ? i18n._('{day} (expired)', { day }) : day
}
