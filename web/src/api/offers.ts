// What this version's API has. Views ask before they show a field or a button, so that what a later version can do shows
// itself as soon as the types of the API are made anew.
import { METHODS, REFUSED } from './offered'

/** Whether there is a method: `offers('post /nodes/{node}/qemu/{vmid}/move_disk')`; or one of its parameters. */
export const offers = (method: string, parameter?: string) =>
  METHODS.has(method) && (parameter === undefined || !REFUSED.has(`${method} ${parameter}`))

/** Whether an option of guests of a kind can be set (`tpmstate0`, `net0`), or one of its properties. */
export function settable(key: string, property?: string, kind: 'qemu' | 'lxc' = 'qemu'): boolean {
  const refused = (name: string) => REFUSED.has(kind === 'lxc' ? `lxc ${name}` : name)
  const indexed = key.replace(/\d+$/, '[n]')
  if (refused(key) || refused(indexed)) return false
  return property === undefined || !(refused(`${key}:${property}`) || refused(`${indexed}:${property}`))
}
