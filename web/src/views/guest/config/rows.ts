// From options to lines of a table: what each line shows and how it is changed.
import type { Icon } from '@tabler/icons-react'
import { i18n } from '../../../i18n'
import type { Act, ConfigRow } from './ConfigTable'
import type { Field } from './fields'
import { nextOf, nowOf, waiting, type Getter, type Settings } from './settings'

export interface Definition {
  id: string
  label: () => string
  icon?: Icon
  /** Options that the line shows; changes of any of them are the line's. */
  keys: readonly string[]
  /** What it shows for their values; nothing if there is nothing to show. */
  text: (get: Getter) => string | undefined
  /** Privilege that changing it needs; nobody may when not given. */
  needs?: string
  /** Fields of the dialog that changes it. */
  fields?: (get: Getter) => readonly Field[]
  /** What the dialog says above its fields. */
  note?: () => string
}

export const yesNo = (on: boolean) => (on ? i18n._('Yes') : i18n._('No'))
/** Whether an option that is on or off is on. */
export const isOn = (get: Getter, key: string, otherwise = false) => {
  const value = get(key)
  return value === undefined ? otherwise : value === '1' || value === 'true'
}

/** The line of a definition, without what can be done with it. */
export function rowOf(definition: Definition, settings: Settings): ConfigRow {
  const { id, icon, keys, text } = definition
  const waits = waiting(settings, keys)
  return {
    id,
    icon,
    label: definition.label(),
    now: text(nowOf(settings)),
    next: waits.length > 0 ? text(nextOf(settings)) : undefined,
    goes: keys.every((key) => settings.get(key)?.next === undefined) && waits.length > 0 && text(nextOf(settings)) === undefined,
    waits,
  }
}

/** Why something cannot be done without a privilege. */
export const lacks = (may: (privilege: string) => boolean, privilege: string): string | false =>
  may(privilege) ? false : privilege === 'root@pam' ? i18n._('Only root@pam may change this') : i18n._('You need the privilege {privilege}', { privilege })

/** An act that the user may do, or the reason why not. */
export const act = (label: string, icon: Icon | undefined, run: () => void, why: string | false = false): Act => ({ label, icon, run, why })
