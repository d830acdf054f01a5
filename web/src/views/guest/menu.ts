// What can be done with a guest: for the buttons above it, the tree's menu and the palette.
import { IconBolt, IconBoxMultiple, IconCopy, IconMoon, IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconPower, IconRefresh, IconTerminal, IconTerminal2, IconTrash, type Icon } from '@tabler/icons-react'
import { createElement, lazy, Suspense } from 'react'
import { request } from '../../api/call'
import { offers } from '../../api/offers'
import type { Guest } from '../../api/resources'
import { useSession } from '../../api/session'
import { i18n } from '../../i18n'
import { followInCorner, isUpid, runTask } from '../../shell/tasks'
import { confirm } from '../../ui/confirm'
import { openDialog } from '../../ui/dialogs'
import { done } from '../../ui/notify'
import { firstConsole, openConsoleWindow } from '../console/open'
import { lacks } from './config/rows'
import { guestPath } from './config/useSettings'
import { isHibernated, isRunning, verbs, type Verb } from './power'

const CloneDialog = lazy(() => import('./CloneDialog').then((module) => ({ default: module.CloneDialog })))

const QemuCommand = lazy(() => import('./monitor/QemuCommand').then((module) => ({ default: module.QemuCommand })))

export interface GuestMenuItem {
  id: Verb | 'hibernate' | 'console' | 'clone' | 'template' | 'showcmd' | 'destroy'
  label: string
  icon: Icon
  run: () => void
  /** Where it belongs: items of one group stand together. */
  group: 'power' | 'open' | 'more'
  /** It destroys something or takes the power away. */
  danger?: boolean
  disabled?: boolean
  /** Why it is disabled. */
  why?: string
}

const SUSPEND = '/nodes/{node}/qemu/{vmid}/status/suspend'

type May = (privilege: string) => boolean

/** What a user may do with some guest; the API decides what he may do with this one. */
const mayAnywhere: May = (privilege) => useSession.getState().session?.cap.vms?.[privilege] !== undefined

const POWER: Record<Verb, { label: () => string; icon: Icon; danger?: boolean }> = {
  start: { label: () => i18n._('Start'), icon: IconPlayerPlay },
  shutdown: { label: () => i18n._('Shutdown'), icon: IconPower },
  reboot: { label: () => i18n._('Reboot'), icon: IconRefresh },
  suspend: { label: () => i18n._('Pause'), icon: IconPlayerPause },
  resume: { label: () => i18n._('Resume'), icon: IconPlayerPlay },
  stop: { label: () => i18n._('Stop'), icon: IconPlayerStop, danger: true },
  reset: { label: () => i18n._('Reset'), icon: IconBolt, danger: true },
}

const nameOf = (guest: Guest) => guest.name ?? String(guest.vmid)

/** Runs something about a guest as a task; a refusal stays where it was asked. */
async function follow(guest: Guest, label: string, call: () => Promise<unknown>) {
  const answer = await call()
  const what = `${nameOf(guest)}: ${label}`
  if (isUpid(answer)) followInCorner(what, answer)
  else done(what)
}

/** Changes the power of a guest; asks first where something can be lost. */
export function power(guest: Guest, verb: Verb): void {
  const label = POWER[verb].label()
  const call = () => request('post', `${guestPath(guest)}/status/${verb}`, {})
  if (verb !== 'stop' && verb !== 'reset') {
    void runTask(`${nameOf(guest)}: ${label}`, call)
    return
  }
  const name = nameOf(guest)
  confirm({
    title: i18n._('{action} {name}', { action: label, name }),
    text:
      verb === 'stop'
        ? i18n._('{name} ({vmid}) loses its power at once. What it has not written yet is lost; Shutdown asks it to end by itself.', { name, vmid: guest.vmid })
        : i18n._('{name} ({vmid}) begins anew at once, as by its reset button. What it has not written yet is lost; Reboot asks it to end by itself.', { name, vmid: guest.vmid }),
    action: label,
    run: () => follow(guest, label, call),
  })
}

/** Saves a VM's memory and ends it; its next start goes on from there. */
function hibernate(guest: Guest) {
  const name = nameOf(guest)
  const label = i18n._('Hibernate')
  confirm({
    title: i18n._('{action} {name}', { action: label, name }),
    text: i18n._('The memory of {name} ({vmid}) is written to a disk and its process ends. Resume continues where it was.', { name, vmid: guest.vmid }),
    action: label,
    danger: false,
    run: () => follow(guest, label, () => request('post', `${guestPath(guest)}/status/suspend`, { todisk: 1 })),
  })
}

function destroy(guest: Guest) {
  const name = nameOf(guest)
  confirm({
    title: i18n._('Destroy {name}', { name }),
    text: i18n._('{name} ({vmid}) and all its disks are destroyed. This cannot be undone.', { name, vmid: guest.vmid }),
    typed: name,
    action: i18n._('Destroy'),
    options: [
      { name: 'purge', label: i18n._('Remove it from permissions, jobs and pools as well'), checked: true },
      { name: 'unreferenced', label: i18n._('Destroy disks of this ID that its configuration does not name') },
    ],
    run: ({ purge, unreferenced }) =>
      follow(guest, i18n._('Destroy'), () =>
        request('delete', guestPath(guest), { purge: purge ? 1 : 0, 'destroy-unreferenced-disks': unreferenced ? 1 : 0 })),
  })
}

function template(guest: Guest) {
  const name = nameOf(guest)
  confirm({
    title: i18n._('Convert {name} to template', { name }),
    text: i18n._('{name} ({vmid}) will serve for being cloned only, and cannot be started any more. This cannot be undone.', { name, vmid: guest.vmid }),
    action: i18n._('Convert'),
    run: () => follow(guest, i18n._('Convert to template'), () => request('post', `${guestPath(guest)}/template`, {})),
  })
}

const clone = (guest: Guest) =>
  openDialog(i18n._('Clone {name}', { name: nameOf(guest) }), (close) =>
    createElement(Suspense, null, createElement(CloneDialog, { guest, close })))

const showCommand = (guest: Guest) =>
  openDialog(i18n._('QEMU command of {name}', { name: nameOf(guest) }), () => createElement(Suspense, null, createElement(QemuCommand, { guest })), '64rem')

/** What can be done with a guest, in the order of menus. Called while drawing. */
export function guestMenuItems(guest: Guest, may: May = mayAnywhere): GuestMenuItem[] {
  const locked = guest.lock ? i18n._('It is locked: {lock}', { lock: guest.lock }) : false
  const item = (id: GuestMenuItem['id'], group: GuestMenuItem['group'], label: string, icon: Icon, run: () => void, why: string | false, danger = false): GuestMenuItem => ({
    id, group, label, icon, run, danger, ...(why ? { disabled: true, why } : {}),
  })
  const running = isRunning(guest)
  const stopFirst = running ? i18n._('It is running: stop it first') : false
  const noPower = lacks(may, 'VM.PowerMgmt')
  const asleep = isHibernated(guest)
  const states = verbs(guest)
  const sleeps = guest.type === 'qemu' && states.includes('suspend') && offers(`post ${SUSPEND}`, 'todisk')
  return [
    ...states.map((verb) =>
      item(verb, 'power', asleep ? i18n._('Resume') : POWER[verb].label(), POWER[verb].icon, () => power(guest, verb), noPower || (verb === 'start' && !asleep && locked), POWER[verb].danger)),
    ...(sleeps ? [item('hibernate', 'power', i18n._('Hibernate'), IconMoon, () => hibernate(guest), noPower || locked)] : []),
    ...(guest.template ? [] : [item('console', 'open', i18n._('Console'), IconTerminal2, () => openConsoleWindow(guest.vmid, firstConsole(guest.type)), lacks(may, 'VM.Console'))]),
    item('clone', 'more', i18n._('Clone'), IconCopy, () => clone(guest), lacks(may, 'VM.Clone') || locked),
    ...(guest.template ? [] : [item('template', 'more', i18n._('Convert to template'), IconBoxMultiple, () => template(guest), lacks(may, 'VM.Allocate') || locked || stopFirst)]),
    ...(guest.type === 'qemu' && !guest.template ? [item('showcmd', 'more', i18n._('Show QEMU command'), IconTerminal, () => showCommand(guest), lacks(may, 'VM.Audit'))] : []),
    item('destroy', 'more', i18n._('Destroy'), IconTrash, () => destroy(guest), lacks(may, 'VM.Allocate') || locked || stopFirst, true),
  ]
}
