// What a container may use.
import { IconArrowRight, IconArrowsExchange, IconCpu, IconDatabase, IconFileText, IconFolder, IconPlugConnected, IconRowInsertBottom, IconUnlink } from '@tabler/icons-react'
import { settable } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { confirm } from '../../../ui/confirm'
import { openDialog } from '../../../ui/dialogs'
import type { Act } from '../config/ConfigTable'
import { DefinitionTable, useMayChange, type CustomDefinition } from '../config/DefinitionTable'
import { act, lacks, type Definition } from '../config/rows'
import { family, firstFree, type Getter } from '../config/settings'
import { useChangeSettings, useSettings, type Change, type Seen } from '../config/useSettings'
import { ResizeDisk, type DialogProps } from '../hardware/DiskDialogs'
import { AddMount, AttachMount, canMove, DeviceDialog, EditMount, MoveVolume, ReassignVolume } from './MountDialogs'
import { maintenance, useFilled } from './maintenance'
import { isOfHost, MOUNT_POINTS, readMount } from './mounts'

const FIXED: readonly Definition[] = [
  {
    id: 'memory', label: () => i18n._('Memory'), icon: IconFileText, keys: ['memory'], needs: 'VM.Config.Memory',
    text: (get) => i18n._('{memory} MiB', { memory: get('memory') ?? '512' }),
    fields: () => [{ key: 'memory', kind: 'number', label: () => i18n._('Memory'), suffix: 'MiB', min: 16, step: 64, absent: '512', required: true }],
  },
  {
    id: 'swap', label: () => i18n._('Swap'), icon: IconArrowsExchange, keys: ['swap'], needs: 'VM.Config.Memory',
    text: (get) => i18n._('{memory} MiB', { memory: get('swap') ?? '512' }),
    fields: () => [{ key: 'swap', kind: 'number', label: () => i18n._('Swap'), suffix: 'MiB', min: 0, step: 64, absent: '512', required: true }],
  },
  {
    id: 'cores', label: () => i18n._('Cores'), icon: IconCpu, keys: ['cores', 'cpulimit', 'cpuunits'], needs: 'VM.Config.CPU',
    text: (get) => {
      const parts = [get('cores') ?? i18n._('unlimited')]
      if (get('cpulimit') !== undefined && get('cpulimit') !== '0') parts.push(i18n._('limit {n}', { n: get('cpulimit') ?? '' }))
      if (get('cpuunits') !== undefined) parts.push(i18n._('weight {n}', { n: get('cpuunits') ?? '' }))
      return parts.join(', ')
    },
    fields: () => [
      { key: 'cores', kind: 'number', label: () => i18n._('Cores'), min: 1, max: 8192, placeholder: () => i18n._('unlimited') },
      { key: 'cpulimit', kind: 'number', label: () => i18n._('CPU limit'), min: 0, max: 8192, step: 0.5, placeholder: () => i18n._('unlimited'), hint: () => i18n._('In processors; 1.5 is one and a half'), advanced: true },
      { key: 'cpuunits', kind: 'number', label: () => i18n._('CPU units'), min: 0, max: 500_000, placeholder: '100', hint: () => i18n._('Weight when processor time is short'), advanced: true },
    ],
  },
]

type May = (privilege: string) => boolean
type Props = Omit<DialogProps, 'close'>

interface Context {
  guest: Guest
  change: Change
  may: May
}

/** Opens a dialog about something of a container. */
const dialog = (title: string, props: Props, body: (props: DialogProps) => React.ReactNode) => openDialog(title, (close) => body({ ...props, close }))

/** A line that shows an option as it is written. */
const line = (key: string, label: string, icon: Definition['icon']) => ({ id: key, label: () => label, icon, keys: [key], text: (get: Getter) => get(key) })

/** Makes a volume larger. */
function resize({ guest, may }: Context, seen: Seen, key: string): Act {
  const value = seen.settings.get(key)?.now ?? ''
  const why = lacks(may, 'VM.Config.Disk')
    || (isOfHost(value) && i18n._('It is of the node: it has the room that it has there'))
    || (!readMount(value).has('size') && i18n._('It is a folder: it has the room of its storage'))

  const open = () =>
    openDialog(i18n._('Resize {device}', { device: key }), (close) => <ResizeDisk guest={guest} seen={seen} close={close} disk={key} />)
  return act(i18n._('Resize'), IconRowInsertBottom, open, why)
}

/** What sends a volume elsewhere, in versions that can. */
function moves({ guest, change, may }: Context, seen: Seen, key: string): Act[] {
  if (!canMove()) return []
  const value = seen.settings.get(key)?.now ?? ''
  const why = lacks(may, 'VM.Config.Disk') || (isOfHost(value) && i18n._('It is of the node, not a volume of a storage')) || (guest.status !== 'stopped' && i18n._('It is running: stop it first'))
  const props = { guest, seen, change }
  const owner = act(i18n._('Reassign Owner'), IconArrowsExchange, () => dialog(i18n._('Reassign Owner: {what}', { what: key }), props, (all) => <ReassignVolume {...all} volume={key} />), why)
  return [
    act(i18n._('Move Storage'), IconArrowRight, () => dialog(i18n._('Move Storage: {what}', { what: key }), props, (all) => <MoveVolume {...all} volume={key} />), why),
    ...(key === 'rootfs' ? [] : [owner]),
  ]
}

function mount(context: Context, key: string): CustomDefinition {
  const { guest, change, may } = context
  const label = i18n._('Mount Point ({key})', { key })
  return {
    ...line(key, label, IconFolder),
    needs: 'VM.Config.Disk',
    editor: ({ seen, close }) => <EditMount guest={guest} seen={seen} change={change} close={close} mount={key} />,
    remove: (seen) => act(i18n._('Detach'), undefined, () => confirm({
      title: i18n._('Detach {device}', { device: key }),
      text: isOfHost(seen.settings.get(key)?.next ?? '')
        ? i18n._('{device} is taken out; the directory of the node stays as it is. A running container keeps it until its next start.', { device: key })
        : i18n._('{device} is taken out. Its data stays, as an unused volume of this container. A running container keeps it until its next start.', { device: key }),
      action: i18n._('Detach'),
      run: () => change({ delete: key }, seen.digest),
    }), lacks(may, 'VM.Config.Disk')),
    more: (seen) => [resize(context, seen, key), ...moves(context, seen, key), ...maintenance(guest, seen, key, may)],
  }
}

function root(context: Context): CustomDefinition {
  const { guest, change, may } = context
  return {
    ...line('rootfs', i18n._('Root Disk'), IconDatabase),
    needs: 'VM.Config.Disk',
    editor: ({ seen, close }) => <EditMount guest={guest} seen={seen} change={change} close={close} mount="rootfs" />,
    more: (seen) => [resize(context, seen, 'rootfs'), ...moves(context, seen, 'rootfs'), ...maintenance(guest, seen, 'rootfs', may)],
  }
}

function unused(context: Context, key: string): CustomDefinition {
  const { guest, change, may } = context
  const why = lacks(may, 'VM.Config.Disk')
  return {
    ...line(key, i18n._('Unused Disk ({key})', { key }), IconUnlink),
    remove: (seen) => act(i18n._('Remove'), undefined, () => confirm({
      title: i18n._('Remove {device}', { device: key }),
      text: i18n._('The volume {volume} and all data on it are lost. This cannot be undone.', { volume: seen.settings.get(key)?.now ?? '' }),
      action: i18n._('Remove'),
      typed: key,
      run: () => change({ delete: key }, seen.digest),
    }), why),
    more: (seen) => [
      act(i18n._('Attach'), IconPlugConnected, () => dialog(i18n._('Attach: {what}', { what: key }), { guest, seen, change }, (all) => <AttachMount {...all} unused={key} />), why),
      ...moves(context, seen, key),
    ],
  }
}

function device({ change }: Context, key: string): CustomDefinition {
  const known = settable(key, undefined, 'lxc')
  return {
    ...line(key, i18n._('Device ({key})', { key }), IconPlugConnected),
    needs: known ? 'root@pam' : undefined,
    editor: ({ seen, close }) => <DeviceDialog seen={seen} change={change} close={close} device={key} />,
    remove: known ? (seen) => act(i18n._('Remove'), undefined, () => confirm({
      title: i18n._('Remove {device}', { device: key }),
      text: i18n._('{device} is taken away. A running container keeps it until its next start.', { device: key }),
      action: i18n._('Remove'),
      run: () => change({ delete: key }, seen.digest),
    })) : undefined,
  }
}

/** What can be added to a container. */
function additions({ guest, may }: Context, seen: Seen, change: Change): Act[] {
  const props = { guest, seen, change }
  const full = (prefix: string, count: number) => firstFree(seen.settings, prefix, count) === undefined && i18n._('No number is free')
  const mounts = act(i18n._('Mount Point'), IconFolder, () => dialog(i18n._('Add: {what}', { what: i18n._('Mount Point') }), props, (all) => <AddMount {...all} />), lacks(may, 'VM.Config.Disk') || full('mp', MOUNT_POINTS))
  const key = `dev${firstFree(seen.settings, 'dev', 256) ?? 0}`
  const devices = act(i18n._('Device'), IconPlugConnected, () => dialog(i18n._('Add: {what}', { what: i18n._('Device') }), props, (all) => <DeviceDialog {...all} device={key} />), lacks(may, 'root@pam') || full('dev', 256))
  return [mounts, ...(settable('dev0', undefined, 'lxc') ? [devices] : [])]
}

export function Resources({ guest }: { guest: Guest }) {
  const may = useMayChange(guest)
  const change = useChangeSettings(guest)
  const { data } = useSettings(guest)
  const settings = data?.settings ?? new Map()
  const filled = useFilled(guest)
  const context = { guest, change, may }
  const all: CustomDefinition[] = [
    ...FIXED,
    root(context),
    ...family(settings, 'mp').map((key) => mount(context, key)),
    ...family(settings, 'dev').map((key) => device(context, key)),
    ...family(settings, 'unused').map((key) => unused(context, key)),
  ]
  return <DefinitionTable guest={guest} label={i18n._('Resources')} definitions={all} beside={filled} more={i18n._('Volume Action')} add={(seen) => additions(context, seen, change)} />
}
