// What can be done with a guest, by its state. Pure: what is offered, not how it looks.
import type { Guest } from '../../api/resources'

export type Verb = 'start' | 'shutdown' | 'reboot' | 'stop' | 'reset' | 'suspend' | 'resume'
type State = Pick<Guest, 'type' | 'status' | 'template' | 'lock'>

export const isRunning = ({ status }: State) => status === 'running' || isPaused({ status })
export const isPaused = ({ status }: { status?: string }) => status === 'paused' || status === 'suspended' || status === 'prelaunch'

/** What changes of power a guest has in its state, in the order of menus. A frozen container can go on; freezing one is for scripts. */
export function verbs(guest: State): Verb[] {
  if (guest.template) return []
  if (!isRunning(guest)) return ['start']
  const vm = guest.type === 'qemu'
  const pause: Verb[] = isPaused(guest) ? ['resume'] : vm ? ['suspend'] : []
  return ['shutdown', 'reboot', ...pause, 'stop', ...(vm ? (['reset'] as const) : [])]
}
