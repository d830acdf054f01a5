// The same for many guests: a few at a time, and one report at the end instead of a notification for each.
import { request } from '../../api/call'
import type { Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import { explain } from '../../ui/Form'
import { done, failed } from '../../ui/notify'
import { guestState } from './health'

export type BulkAction = 'start' | 'shutdown' | 'stop'

/** How many requests are on their way at once. */
const AT_ONCE = 4

/** The guests for which an action does something. */
export const fitting = (action: BulkAction, guests: readonly Guest[]): Guest[] =>
  guests.filter((guest) => {
    const state = guestState(guest)
    return action === 'start' ? state === 'stopped' : state === 'running' || state === 'paused'
  })

/** Does something with each, at most `AT_ONCE` at a time; answers what went wrong. */
export async function each<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<[item: T, error: unknown][]> {
  const failures: [T, unknown][] = []
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      try {
        await act(item)
      } catch (error) {
        failures.push([item, error])
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return failures
}

function titleOf(action: BulkAction): string {
  switch (action) {
    case 'start': return i18n._('Start guests')
    case 'shutdown': return i18n._('Shut down guests')
    case 'stop': return i18n._('Stop guests')
  }
}

function questionOf(action: BulkAction, n: number, left: number): string {
  const rest = left > 0 ? ` ${i18n._('{n, plural, one {# other is} other {# others are}} in that state already, or cannot be.', { n: left })}` : ''
  switch (action) {
    case 'start': return i18n._('{n, plural, one {# guest is} other {# guests are}} started.', { n }) + rest
    case 'shutdown': return i18n._('{n, plural, one {# guest is} other {# guests are}} asked to shut down.', { n }) + rest
    case 'stop': return i18n._('{n, plural, one {# guest loses} other {# guests lose}} its power at once, as if the plug was pulled.', { n }) + rest
  }
}

/** Asks, then does it with all that it fits. */
export function confirmBulk(action: BulkAction, guests: readonly Guest[], after: () => void): void {
  const fit = fitting(action, guests)
  if (fit.length === 0) return void failed(titleOf(action), new Error(i18n._('None of the chosen guests is in a state for this.')))
  confirm({
    title: titleOf(action),
    text: questionOf(action, fit.length, guests.length - fit.length),
    action: titleOf(action),
    danger: action === 'stop',
    run: async () => {
      after()
      const failures = await each(fit, (guest) => request('post', `/nodes/{node}/${guest.type}/{vmid}/status/${action}`, { node: guest.node, vmid: guest.vmid }))
      const good = fit.length - failures.length
      if (good > 0) done(i18n._('{n, plural, one {# task begun} other {# tasks begun}}; they are in the list below.', { n: good }))
      const first = failures[0]
      if (first) failed(titleOf(action), new Error(`${first[0].vmid}: ${explain(first[1])}${failures.length > 1 ? ` (+${failures.length - 1})` : ''}`))
    },
  })
}
