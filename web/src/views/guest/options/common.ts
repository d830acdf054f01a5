// Options that VMs and containers share.
import { IconListNumbers, IconPlayerPlay, IconShieldLock } from '@tabler/icons-react'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import type { Field } from '../config/fields'
import { isOn, yesNo, type Definition } from '../config/rows'
import type { Getter } from '../config/settings'

/** An option that is on or off. */
export function flag(key: string, label: () => string, needs: string, icon: Definition['icon'], otherwise = false, hint?: () => string): Definition {
  return {
    id: key, label, icon, keys: [key], needs,
    text: (get) => yesNo(isOn(get, key, otherwise)),
    fields: () => [{ key, kind: 'switch', label, absent: otherwise ? '1' : '0', hint }],
  }
}

/** An option that is a text or a number. */
export function plain(field: Field, needs: string, icon: Definition['icon'], absent: () => string): Definition {
  return { id: field.key, label: field.label, icon, keys: [field.key], needs, text: (get) => get(field.key) ?? absent(), fields: () => [field] }
}

function startupText(get: Getter): string {
  const startup = parseProperties(get('startup') ?? '', 'order')
  if (startup.size === 0) return i18n._('any')
  const parts = [i18n._('order {order}', { order: startup.get('order') ?? i18n._('any') })]
  if (startup.has('up')) parts.push(i18n._('{up} s until the next', { up: startup.get('up') ?? '' }))
  if (startup.has('down')) parts.push(i18n._('{down} s to shut down', { down: startup.get('down') ?? '' }))
  return parts.join(', ')
}

export const onboot = flag('onboot', () => i18n._('Start at boot'), 'VM.Config.Options', IconPlayerPlay)
export const protection = flag('protection', () => i18n._('Protection'), 'VM.Config.Options', IconShieldLock, false, () => i18n._('Nobody can remove the guest or its disks'))

export const startup: Definition = {
  id: 'startup',
  label: () => i18n._('Start/Shutdown order'),
  icon: IconListNumbers,
  keys: ['startup'],
  // The order concerns all guests of the node.
  needs: 'Sys.Modify',
  text: startupText,
  fields: () => [
    { key: 'startup', property: 'order', kind: 'number', label: () => i18n._('Start/Shutdown order'), min: 0, placeholder: () => i18n._('any'), hint: () => i18n._('Small numbers start first and stop last') },
    { key: 'startup', property: 'up', kind: 'number', label: () => i18n._('Startup delay'), min: 0, suffix: 's', placeholder: () => i18n._('default'), hint: () => i18n._('Before the next guest starts') },
    { key: 'startup', property: 'down', kind: 'number', label: () => i18n._('Shutdown timeout'), min: 0, suffix: 's', placeholder: () => i18n._('default'), hint: () => i18n._('Then its power goes') },
  ],
}
