// What a VM is made of: the table, and the dialogs that change it.
import { IconArrowRight, IconArrowsExchange, IconCloud, IconCpu2, IconDatabaseImport, IconDeviceFloppy, IconDisc, IconLockSquare, IconNetwork, IconPlugConnected, IconRowInsertBottom, IconUsb, IconUnlink, type Icon } from '@tabler/icons-react'
import { offers, settable } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { confirm } from '../../../ui/confirm'
import { openDialog } from '../../../ui/dialogs'
import { attempt } from '../../../ui/notify'
import { Loaded } from '../../../ui/parts'
import { ConfigTable, type Act, type ConfigRow } from '../config/ConfigTable'
import { useMayChange } from '../config/DefinitionTable'
import { SettingsForm } from '../config/fields'
import { act, lacks, rowOf, type Definition } from '../config/rows'
import { family, firstFree, nextOf } from '../config/settings'
import { useChangeSettings, useSettings, type Change, type Seen } from '../config/useSettings'
import { AddDisk, AttachDisk, EditDisk, ResizeDisk, type DialogProps } from './DiskDialogs'
import { DEVICES, DeviceDialog, usableDevices, type DeviceKind } from './devices'
import { hardwareOf } from './definitions'
import { drives, isCdrom, isCloudInit } from './drives'
import { AddCloudInit, AddEfiDisk, AddTpm } from './FirmwareDialogs'
import { PciDialog, UsbDialog } from './HostDeviceDialogs'
import { MediumDialog } from './MediumDialog'
import { MoveDisk, ReassignDisk } from './MoveDialogs'
import { NicDialog } from './NicDialog'

interface Context {
  guest: Guest
  seen: Seen
  change: Change
  may: (privilege: string) => boolean
}

export function Hardware({ guest }: { guest: Guest }) {
  const query = useSettings(guest)
  const change = useChangeSettings(guest)
  const may = useMayChange(guest)
  return (
    <Loaded query={query} lines={12}>
      {(seen) => {
        const context = { guest, seen, change, may }
        return (
          <ConfigTable
            label={i18n._('Hardware')}
            more={i18n._('Disk Action')}
            rows={hardwareRows(context)}
            add={additions(context)}
            revert={(keys) => void attempt(i18n._('Revert'), () => change({ revert: keys.join(',') }, seen.digest))}
          />
        )
      }}
    </Loaded>
  )
}

/** Opens a dialog about a VM's hardware. */
function dialog(title: string, { guest, seen, change }: Context, body: (props: DialogProps) => React.ReactNode) {
  openDialog(title, (close) => body({ guest, seen, change, close }))
}

/** All lines of the table, in their order. */
function hardwareRows(context: Context): ConfigRow[] {
  const { settings } = context.seen
  const some = (prefix: string, row: (key: string) => ConfigRow) => family(settings, prefix).map(row)
  const one = (key: string, row: (key: string) => ConfigRow) => (settings.has(key) ? [row(key)] : [])
  return [
    ...hardwareOf(context.guest).map((definition) => fixedRow(context, definition)),
    ...drives(settings).map((key) => driveRow(context, key)),
    ...some('net', (key) => nicRow(context, key)),
    ...one('efidisk0', (key) => firmwareRow(context, key, i18n._('EFI Disk'))),
    ...one('tpmstate0', (key) => firmwareRow(context, key, i18n._('TPM State'))),
    ...DEVICES.flatMap((kind) => (kind.count ? some(kind.prefix, (key) => deviceRow(context, key, kind)) : one(kind.prefix, (key) => deviceRow(context, key, kind)))),
    ...some('usb', (key) => hostRow(context, key, i18n._('USB Device ({key})', { key }), IconUsb, (props) => <UsbDialog {...props} device={key} />)),
    ...some('hostpci', (key) => hostRow(context, key, i18n._('PCI Device ({key})', { key }), IconCpu2, (props) => <PciDialog {...props} device={key} />)),
    ...some('parallel', (key) => otherRow(context, key, i18n._('Parallel Port ({key})', { key }), IconPlugConnected)),
    ...one('ivshmem', (key) => otherRow(context, key, i18n._('Shared Memory'), IconCpu2)),
    ...some('unused', (key) => unusedRow(context, key)),
  ]
}

/** A line of one option as it is written. */
function plainRow({ seen }: Context, key: string, label: string, icon: Icon): ConfigRow {
  return rowOf({ id: key, label: () => label, icon, keys: [key], text: (get) => get(key) }, seen.settings)
}

function fixedRow(context: Context, definition: Definition): ConfigRow {
  const { seen, change, may } = context
  const label = definition.label()
  const edit = () =>
    openDialog(i18n._('Edit: {what}', { what: label }), (close) => {
      const get = nextOf(seen.settings)
      const fields = (definition.fields?.(get) ?? []).filter(({ key, property, needs }) => settable(key, property) && (!needs || may(needs)))
      return <SettingsForm fields={fields} get={get} change={(parameters) => change(parameters, seen.digest)} close={close} note={definition.note?.()} />
    })
  return { ...rowOf(definition, seen.settings), edit: act(i18n._('Edit'), undefined, edit, lacks(may, definition.needs ?? '')) }
}

/** Takes a device out. What it says depends on what becomes of its data. */
function removal(context: Context, key: string, privilege: string, { label, text, typed }: { label: string; text: string; typed?: string }): Act {
  const { seen, change, may } = context
  return {
    ...act(label, undefined, () => confirm({ title: `${label}: ${key}`, text, action: label, typed, run: () => change({ delete: key }, seen.digest) }), lacks(may, privilege)),
    danger: true,
  }
}

const removed = (key: string) => ({
  label: i18n._('Remove'),
  text: i18n._('{device} is removed. A running VM keeps it until its next start.', { device: key }),
})
const detached = (key: string) => ({
  label: i18n._('Detach'),
  text: i18n._('{device} is taken out. Its data stays, as an unused disk of this VM. A running VM keeps it until its next start.', { device: key }),
})

function driveRow(context: Context, key: string): ConfigRow {
  const { seen, may } = context
  const value = seen.settings.get(key)
  if (isCloudInit(value?.next ?? value?.now))
    return { ...plainRow(context, key, i18n._('CloudInit Drive ({key})', { key }), IconCloud), remove: removal(context, key, 'VM.Config.CDROM', removed(key)) }
  if (isCdrom(value?.next ?? value?.now)) {
    const why = lacks(may, 'VM.Config.CDROM')
    return {
      ...plainRow(context, key, i18n._('CD/DVD Drive ({key})', { key }), IconDisc),
      edit: act(i18n._('Edit'), undefined, () => dialog(i18n._('Edit: {what}', { what: i18n._('CD/DVD Drive ({key})', { key }) }), context, (props) => <MediumDialog {...props} drive={key} />), why),
      remove: removal(context, key, 'VM.Config.CDROM', removed(key)),
    }
  }
  const why = lacks(may, 'VM.Config.Disk')
  const label = i18n._('Hard Disk ({key})', { key })
  return {
    ...plainRow(context, key, label, IconDeviceFloppy),
    edit: act(i18n._('Edit'), undefined, () => dialog(i18n._('Edit: {what}', { what: label }), context, (props) => <EditDisk {...props} disk={key} />), why),
    remove: removal(context, key, 'VM.Config.Disk', detached(key)),
    more: [act(i18n._('Resize'), IconRowInsertBottom, () => dialog(i18n._('Resize {device}', { device: key }), context, (props) => <ResizeDisk {...props} disk={key} />), value?.now === undefined ? i18n._('The disk is not there yet') : why), ...moves(context, key)],
  }
}

function nicRow(context: Context, key: string): ConfigRow {
  const label = i18n._('Network Device ({key})', { key })
  return {
    ...plainRow(context, key, label, IconNetwork),
    edit: act(i18n._('Edit'), undefined, () => dialog(i18n._('Edit: {what}', { what: label }), context, (props) => <NicDialog {...props} device={key} />), lacks(context.may, 'VM.Config.Network')),
    remove: removal(context, key, 'VM.Config.Network', removed(key)),
  }
}

/** A small disk of the firmware: nothing of it can be changed, but it can go elsewhere. */
const firmwareRow = (context: Context, key: string, label: string): ConfigRow => ({
  ...plainRow(context, key, label, IconDeviceFloppy),
  remove: removal(context, key, 'VM.Config.Disk', detached(key)),
  more: moves(context, key),
})

/** Devices that can be removed, but have nothing to change. */
const otherRow = (context: Context, key: string, label: string, icon: Icon): ConfigRow => ({
  ...plainRow(context, key, label, icon),
  remove: removal(context, key, 'VM.Config.HWType', removed(key)),
})

function deviceRow(context: Context, key: string, kind: DeviceKind): ConfigRow {
  const label = kind.count ? `${kind.label()} (${key})` : kind.label()
  return {
    ...rowOf({ id: key, label: () => label, icon: kind.icon, keys: [key], text: (get) => { const value = get(key); return value === undefined ? undefined : (kind.text?.(value) ?? value) } }, context.seen.settings),
    edit: act(i18n._('Edit'), undefined, () => dialog(i18n._('Edit: {what}', { what: label }), context, (props) => <DeviceDialog {...props} kind={kind} device={key} />), lacks(context.may, kind.needs)),
    remove: removal(context, key, kind.needs, removed(key)),
  }
}

function hostRow(context: Context, key: string, label: string, icon: Icon, body: (props: DialogProps) => React.ReactNode): ConfigRow {
  return {
    ...otherRow(context, key, label, icon),
    edit: act(i18n._('Edit'), undefined, () => dialog(i18n._('Edit: {what}', { what: label }), context, body), lacks(context.may, 'VM.Config.HWType')),
  }
}

/** Ways of a disk to another place. */
function moves(context: Context, key: string): Act[] {
  const { seen, guest, may } = context
  if (!offers('post /nodes/{node}/qemu/{vmid}/move_disk')) return []
  const why = lacks(may, 'VM.Config.Disk') || (seen.settings.get(key)?.now === undefined && i18n._('It comes with the next start only'))
  const open = (title: string, body: (props: { guest: Guest; seen: Seen; close: () => void; disk: string }) => React.ReactNode) =>
    openDialog(title, (close) => body({ guest, seen, close, disk: key }))
  return [
    // A disk that is not in use is copied by nobody: attach it first.
    ...(key.startsWith('unused') ? [] : [act(i18n._('Move Storage'), IconArrowRight, () => open(i18n._('Move Storage: {what}', { what: key }), (props) => <MoveDisk {...props} />), why)]),
    act(i18n._('Reassign Owner'), IconArrowsExchange, () => open(i18n._('Reassign Owner: {what}', { what: key }), (props) => <ReassignDisk {...props} />), why),
  ]
}

function unusedRow(context: Context, key: string): ConfigRow {
  const label = i18n._('Unused Disk ({key})', { key })
  const volume = context.seen.settings.get(key)?.now ?? ''
  const why = lacks(context.may, 'VM.Config.Disk')
  return {
    ...plainRow(context, key, label, IconUnlink),
    edit: act(i18n._('Edit'), undefined, () => dialog(i18n._('Attach: {what}', { what: label }), context, (props) => <AttachDisk {...props} disk={key} />), why),
    remove: removal(context, key, 'VM.Config.Disk', {
      label: i18n._('Remove'),
      text: i18n._('All data of {volume} is destroyed. This cannot be undone.', { volume }),
      typed: key,
    }),
    more: moves(context, key),
  }
}

/** What can be added. */
function additions(context: Context): Act[] {
  const { seen, may } = context
  const { settings } = seen
  const add = (label: string, icon: Icon, needs: string, body: (props: DialogProps) => React.ReactNode, full: string | false = false) =>
    act(label, icon, () => dialog(i18n._('Add: {what}', { what: label }), context, body), lacks(may, needs) || full)
  const there = (key: string) => settings.has(key) && i18n._('The VM has one')
  const none = (prefix: string, count: number) => firstFree(settings, prefix, count) === undefined && i18n._('No number is free')
  const device = (kind: DeviceKind) => {
    const { prefix, count, icon, needs } = kind
    const key = count ? `${prefix}${firstFree(settings, prefix, count) ?? 0}` : prefix
    return add(kind.label(), icon, needs, (props) => <DeviceDialog {...props} kind={kind} device={key} isNew />, count ? none(prefix, count) : there(prefix))
  }
  const host = (prefix: string, count: number, label: string, icon: Icon, body: (props: DialogProps, key: string) => React.ReactNode) => {
    const key = `${prefix}${firstFree(settings, prefix, count) ?? 0}`
    return settable(key) ? [add(label, icon, 'VM.Config.HWType', (props) => body(props, key), none(prefix, count))] : []
  }
  const cloudInit = drives(settings).some((key) => isCloudInit(settings.get(key)?.next)) && i18n._('The VM has one')
  return [
    add(i18n._('Hard Disk'), IconDeviceFloppy, 'VM.Config.Disk', (props) => <AddDisk {...props} />),
    add(i18n._('Disk from an Image'), IconDatabaseImport, 'VM.Config.Disk', (props) => <AddDisk {...props} imported />),
    add(i18n._('CD/DVD Drive'), IconDisc, 'VM.Config.CDROM', (props) => <MediumDialog {...props} />),
    add(i18n._('Network Device'), IconNetwork, 'VM.Config.Network', (props) => <NicDialog {...props} />, none('net', 32)),
    add(i18n._('EFI Disk'), IconDeviceFloppy, 'VM.Config.Disk', (props) => <AddEfiDisk {...props} />, there('efidisk0')),
    ...(settable('tpmstate0') ? [add(i18n._('TPM State'), IconLockSquare, 'VM.Config.Disk', (props) => <AddTpm {...props} />, there('tpmstate0'))] : []),
    ...(settable('ciuser') ? [add(i18n._('CloudInit Drive'), IconCloud, 'VM.Config.Disk', (props) => <AddCloudInit {...props} />, cloudInit)] : []),
    ...host('usb', 14, i18n._('USB Device'), IconUsb, (props, key) => <UsbDialog {...props} device={key} isNew />),
    ...host('hostpci', 16, i18n._('PCI Device'), IconCpu2, (props, key) => <PciDialog {...props} device={key} isNew />),
    ...usableDevices().map(device),
  ]
}
