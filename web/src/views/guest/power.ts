// What can be done with a guest, by its state. Pure: what is offered, not how it looks.
import type { Guest } from '../../api/resources'

export type Verb = 'start' | 'shutdown' | 'reboot' | 'stop' | 'reset' | 'suspend' | 'resume'
type State = Pick<Guest, 'type' | 'status' | 'template' | 'lock'>

/** States in which a VM waits for being told to go on; `io-error` and `watchdog` are such that it stopped itself. */
const WAITING = new Set(['paused', 'suspended', 'prelaunch', 'io-error', 'watchdog'])
/** States of a VM that has a process but does nothing any more. */
const HALTED = new Set(['shutdown', 'guest-panicked', 'internal-error', 'postmigrate'])
/** States of a VM that is busy with something of its own. */
const BUSY = new Set(['inmigrate', 'finish-migrate', 'save-vm', 'restore-vm', 'debug', 'colo'])

export const isPaused = ({ status }: { status?: string }) => WAITING.has(status ?? '')
export const isHalted = ({ status }: { status?: string }) => HALTED.has(status ?? '')
export const isRunning = ({ status }: { status?: string }) => status === 'running' || WAITING.has(status ?? '') || HALTED.has(status ?? '') || BUSY.has(status ?? '')

/** Whether it was put to sleep with its memory on a disk: its start wakes it. */
export const isHibernated = ({ status, lock }: Pick<State, 'status' | 'lock'>) => status === 'stopped' && lock === 'suspended'

/** What changes of power a guest has in its state, in the order of menus. A frozen container can go on; freezing one is for scripts. */
export function verbs(guest: State): Verb[] {
  if (guest.template) return []
  const vm = guest.type === 'qemu'
  // What does not answer cannot be asked to end, but its power can be taken.
  if (vm && guest.status === 'unknown') return ['stop']
  if (!isRunning(guest)) return ['start']
  if (isHalted(guest)) return ['reset', 'stop']
  const pause: Verb[] = isPaused(guest) ? ['resume'] : vm ? ['suspend'] : []
  return ['shutdown', 'reboot', ...pause, 'stop', ...(vm ? (['reset'] as const) : [])]
}
