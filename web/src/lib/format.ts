// Figures as people read them.
import { i18n } from '../i18n'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

// Making a formatter costs more than all that it ever formats: each is made once.
const numbers = new Map<string, Intl.NumberFormat>()

function number(value: number, digits: number): string {
  // Most figures are small and whole: they look the same in all languages.
  if (digits === 0 && Math.abs(value) < 999) return String(Math.round(value))
  const key = `${i18n.locale}/${digits}`
  let format = numbers.get(key)
  if (!format) {
    format = new Intl.NumberFormat(i18n.locale || 'en', { maximumFractionDigits: digits, minimumFractionDigits: 0 })
    numbers.set(key, format)
  }
  return format.format(value)
}

/** Bytes with a binary unit: `1.5 GiB`. */
export function bytes(value: number | null | undefined): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return '–'
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10))
  const scaled = value / 1024 ** power
  return `${number(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0)} ${UNITS[power]}`
}

/** Bytes a second. */
export const rate = (value: number | null | undefined) =>
  value === undefined || value === null ? '–' : `${bytes(value)}/s`

/** A share of 1 as percent: `12.5 %`. */
export function percent(share: number | null | undefined): string {
  if (share === undefined || share === null || !Number.isFinite(share)) return '–'
  return `${number(share * 100, share < 0.1 ? 1 : 0)} %`
}

/** A share of a whole, `0` where there is no whole. */
export const share = (part: number | undefined, whole: number | undefined) => (part && whole ? part / whole : 0)

/** Seconds as a length of time: `3 d 04:05:06`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === undefined || seconds === null || seconds < 0) return '–'
  const whole = Math.floor(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  const clock = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
  const days = Math.floor(whole / 86_400)
  return days > 0 ? i18n._('{days} d {clock}', { days, clock }) : clock
}

const moments = new Map<string, Intl.DateTimeFormat>()

/** A moment, given in seconds since the epoch, in the language's own way. */
export function moment(seconds: number | null | undefined): string {
  if (!seconds) return '–'
  let format = moments.get(i18n.locale)
  if (!format) {
    format = new Intl.DateTimeFormat(i18n.locale || 'en', { dateStyle: 'medium', timeStyle: 'medium' })
    moments.set(i18n.locale, format)
  }
  return format.format(seconds * 1000)
}

/** How long ago: `12 s ago`, `5 min ago`. */
export function ago(seconds: number): string {
  if (seconds < 60) return i18n._('{n} s ago', { n: Math.max(0, Math.round(seconds)) })
  if (seconds < 3600) return i18n._('{n} min ago', { n: Math.round(seconds / 60) })
  if (seconds < 172_800) return i18n._('{n} h ago', { n: Math.round(seconds / 3600) })
  return i18n._('{n} days ago', { n: Math.round(seconds / 86_400) })
}
