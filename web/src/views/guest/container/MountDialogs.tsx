// Dialogs about what a container mounts: a new mount point, what is set for one, an unused volume put to use.
import { Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { request } from '../../../api/call'
import { offers, settable } from '../../../api/offers'
import { useGuests } from '../../../api/resources'
import { useSession } from '../../../api/session'
import { i18n } from '../../../i18n'
import { followInCorner, isUpid } from '../../../shell/tasks'
import { Form } from '../../../ui/Form'
import { Fields, problems, SettingsForm, type Field } from '../config/fields'
import { changesOf, firstFree, nextOf } from '../config/settings'
import { guestPath, type Seen } from '../config/useSettings'
import type { DialogProps } from '../hardware/DiskDialogs'
import { useFirstChoice } from '../hardware/firstChoice'
import { useStorages } from '../hardware/storages'
import { isOfHost, MOUNT_OPTIONS, MOUNT_POINTS, pathProblem, printMount, readMount, type NewMount } from './mounts'

type Values = Record<string, string>

export const MOVE_VOLUME = 'post /nodes/{node}/lxc/{vmid}/move_volume'

function path(value: string): string | undefined {
  switch (pathProblem(value)) {
    case 'relative': return i18n._('It begins with a slash')
    case 'up': return i18n._('Without “..”')
    case 'root': return i18n._('Not the root directory itself')
    case 'comma': return i18n._('Without commas')
    default: return undefined
  }
}

/** Where it appears inside. */
const inside = (key: string, property?: string): Field => ({ key, property, kind: 'text', label: () => i18n._('Path inside'), placeholder: '/srv/data', required: true, check: path })

const owners = (value: string) => (/^(passthrough|[ug]:\d+:\d+:[1-9]\d*(;[ug]:\d+:\d+:[1-9]\d*)*)$/.test(value) ? undefined : i18n._('Such as u:0:1000:1;g:0:1000:1, or “passthrough”'))

/** What may be set for a mount; `bind` says when it shows what is of the node. */
function optionFields(key: string, bind: (values: Values) => boolean): Field[] {
  const own = (values: Values) => !bind(values)
  const fields: Field[] = [
    { key, property: 'ro', kind: 'switch', label: () => i18n._('Read-only'), absent: '0' },
    { key, property: 'backup', kind: 'switch', label: () => i18n._('Backup'), absent: '0', hint: () => i18n._('Part of backups of the guest'), when: own },
    { key, property: 'acl', kind: 'select', label: () => i18n._('Access control lists'), absent: '', choices: () => [{ value: '', label: i18n._('Default') }, { value: '1', label: i18n._('On') }, { value: '0', label: i18n._('Off') }], when: own, advanced: true },
    { key, property: 'mountoptions', kind: 'many', separator: ';', label: () => i18n._('Mount options'), choices: MOUNT_OPTIONS, absent: '0', advanced: true },
    { key, property: 'quota', kind: 'switch', label: () => i18n._('Quotas'), absent: '0', when: own, advanced: true },
    { key, property: 'replicate', kind: 'switch', label: () => i18n._('Replicate'), absent: '1', when: own, advanced: true },
    { key, property: 'shared', kind: 'switch', label: () => i18n._('Shared'), absent: '0', hint: () => i18n._('All nodes have it at the same place'), when: bind, advanced: true },
    { key, property: 'keepattrs', kind: 'switch', label: () => i18n._('Keep owner and mode of the directory that it covers'), absent: '0', advanced: true },
    { key, property: 'idmap', kind: 'text', wide: true, label: () => i18n._('Map of owners'), placeholder: 'u:0:1000:1;g:0:1000:1', absent: '', check: owners, hint: () => i18n._('Kind, ID inside, ID on the disk, how many; “passthrough” for those of the disk'), advanced: true },
  ]
  return fields.filter(({ property }) => settable('mp0', property, 'lxc'))
}

/** Options that a root disk does not have: it covers nothing, and backups have it always. */
const NOT_OF_ROOT = new Set(['backup', 'keepattrs', 'idmap'])

const usual: Values = { 'mp0:ro': '0', 'mp0:backup': '1', 'mp0:acl': '', 'mp0:quota': '0', 'mp0:replicate': '1', 'mp0:shared': '0', 'mp0:keepattrs': '0', 'mp0:mountoptions': '0', 'mp0:idmap': '' }

/** What was chosen, as a property string. */
const chosen = (options: readonly Field[], values: Values) => changesOf(options.filter((field) => field.when?.(values) ?? true), values, () => undefined).set.mp0

const freePlace = (seen: Seen) => firstFree(seen.settings, 'mp', MOUNT_POINTS) ?? 0
const place = (seen: Seen): Field => ({
  key: 'index', kind: 'number', label: () => i18n._('Number'), min: 0, max: MOUNT_POINTS - 1, required: true,
  check: (value) => (seen.settings.has(`mp${value}`) ? i18n._('mp{n} is there already', { n: value }) : undefined),
})

/** Adds a volume, or a directory of the node. */
export function AddMount({ guest, seen, change, close }: DialogProps) {
  const storages = useStorages(guest.node, 'rootdir')
  const isRoot = useSession((state) => state.session?.username === 'root@pam')
  const bind = (values: Values) => values.kind === 'bind'
  const options = optionFields('mp0', bind)
  const fields: Field[] = [
    ...(isRoot ? [{ key: 'kind', kind: 'select', label: () => i18n._('What'), choices: () => [{ value: 'volume', label: i18n._('New volume') }, { value: 'bind', label: i18n._('Directory of the node') }] } satisfies Field] : []),
    place(seen),
    { key: 'storage', kind: 'select', label: () => i18n._('Storage'), choices: storages.choices, required: true, when: (values) => !bind(values) },
    { key: 'size', kind: 'number', label: () => i18n._('Size'), suffix: 'GiB', min: 0, required: true, hint: () => i18n._('0 for a directory without a limit'), when: (values) => !bind(values) },
    { key: 'source', kind: 'text', label: () => i18n._('Directory of the node'), placeholder: '/srv/share', required: true, check: path, when: bind },
    inside('mp'),
    ...options,
  ]
  return (
    <Form<Values>
      initial={{ kind: 'volume', index: String(freePlace(seen)), storage: '', size: '8', source: '', mp: '', ...usual }}
      validate={(values) => problems(fields, values)}
      submit={(values) => change({ [`mp${values.index}`]: printMount(values as NewMount, chosen(options, values)) }, seen.digest)}
      fieldOf={(parameter) => (/^mp\d+$/.test(parameter) ? 'mp' : parameter)}
      done={close}
      action={i18n._('Add')}
    >
      {(form) => <NewMountFields form={form} fields={fields} storages={storages} node={guest.node} />}
    </Form>
  )
}

function NewMountFields({ form, fields, storages, node }: { form: UseFormReturnType<Values>; fields: Field[]; storages: ReturnType<typeof useStorages>; node: string }) {
  useFirstChoice(form, 'storage', storages.names)
  return (
    <>
      {storages.loaded && storages.names.length === 0 && <Text size="sm">{i18n._('No storage of {node} takes volumes of containers. Let one do so under Datacenter → Storage.', { node })}</Text>}
      {form.values.kind === 'bind' && <Text size="sm" className="dim">{i18n._('The container sees it as it is: owners of an unprivileged container are shifted, and backups leave it out.')}</Text>}
      <Fields fields={fields} form={form} />
    </>
  )
}

/** What is set for a mount point, or for the root disk. */
export function EditMount({ seen, change, close, mount }: DialogProps & { mount: string }) {
  const get = nextOf(seen.settings)
  const value = get(mount) ?? ''
  const bind = isOfHost(value)
  const options = optionFields(mount, () => bind)
  const fields = mount === 'rootfs' ? options.filter(({ property = '' }) => !NOT_OF_ROOT.has(property)) : [inside(mount, 'mp'), ...options]
  return <SettingsForm fields={fields} get={get} change={(parameters) => change(parameters, seen.digest)} close={close} note={readMount(value).get('volume')} />
}

/** Puts an unused volume to use. */
export function AttachMount({ seen, change, close, unused }: DialogProps & { unused: string }) {
  const volume = seen.settings.get(unused)?.next ?? ''
  const options = optionFields('mp0', () => false)
  const fields = [place(seen), inside('mp'), ...options]
  return (
    <Form<Values>
      initial={{ index: String(freePlace(seen)), mp: '', ...usual }}
      validate={(values) => problems(fields, values)}
      submit={(values) => {
        const value = printMount({ kind: 'bind', storage: '', size: '', source: volume, mp: values.mp ?? '' }, chosen(options, values))
        // Named once: an entry that stayed could be removed later, and the data with it.
        return change({ [`mp${values.index}`]: value, delete: unused }, seen.digest)
      }}
      fieldOf={(parameter) => (/^mp\d+$/.test(parameter) ? 'mp' : parameter)}
      done={close}
      action={i18n._('Attach')}
    >
      {(form) => (
        <>
          <Text size="sm" className="dim">{volume}</Text>
          <Fields fields={fields} form={form} />
        </>
      )}
    </Form>
  )
}

type Moved = Omit<DialogProps, 'change'> & { volume: string }

/** Copies a volume to another storage and goes on with that one. */
export function MoveVolume({ guest, seen, close, volume }: Moved) {
  const storages = useStorages(guest.node, 'rootdir')
  const id = readMount(seen.settings.get(volume)?.now ?? '').get('volume') ?? ''
  const from = id.slice(0, id.indexOf(':'))
  const fields: Field[] = [
    { key: 'storage', kind: 'select', label: () => i18n._('Target storage'), choices: storages.choices.map((one) => ({ ...one, disabled: one.value === from })), required: true },
    { key: 'delete', kind: 'switch', label: () => i18n._('Delete the source'), hint: () => i18n._('Otherwise it stays as an unused volume of this container') },
  ]
  return (
    <Form<Values>
      initial={{ storage: '', delete: '1' }}
      validate={(values) => ({ ...problems(fields, values), ...(values.storage === from && { storage: i18n._('The volume is there already; choose another storage') }) })}
      submit={async (values) => {
        const answer = await request('post', `${guestPath(guest)}/move_volume`, { volume, storage: values.storage, delete: values.delete === '1' ? 1 : 0, digest: seen.digest })
        if (isUpid(answer)) followInCorner(i18n._('{name}: move {disk}', { name: guest.name ?? guest.vmid, disk: volume }), answer)
      }}
      done={close}
      action={i18n._('Move Storage')}
    >
      {(form) => <MoveFields form={form} fields={fields} storages={storages.names.filter((name) => name !== from)} note={id} />}
    </Form>
  )
}

function MoveFields({ form, fields, storages, note }: { form: UseFormReturnType<Values>; fields: Field[]; storages: string[]; note: string }) {
  useFirstChoice(form, 'storage', storages)
  return (
    <>
      <Text size="sm" className="dim">{note}</Text>
      <Fields fields={fields} form={form} />
    </>
  )
}

/** Gives a volume to another container of the node. */
export function ReassignVolume({ guest, seen, close, volume }: Moved) {
  const others = useGuests().filter((one) => one.type === 'lxc' && one.node === guest.node && one.vmid !== guest.vmid && !one.template)
  const fields: Field[] = [
    { key: 'target', kind: 'search', label: () => i18n._('Target container'), choices: others.map(({ vmid, name }) => ({ value: String(vmid), label: name ? `${vmid} (${name})` : String(vmid) })), required: true },
    { key: 'as', kind: 'select', label: () => i18n._('As'), choices: () => [{ value: 'unused', label: i18n._('Unused Disk') }, { value: 'mp', label: i18n._('Mount Point') }] },
    { key: 'index', kind: 'number', label: () => i18n._('Number'), min: 0, max: MOUNT_POINTS - 1, required: true },
  ]
  return (
    <Form<Values>
      initial={{ target: '', as: volume.startsWith('mp') ? 'mp' : 'unused', index: '0' }}
      validate={(values) => problems(fields, values)}
      submit={async ({ target, as, index }) => {
        const answer = await request('post', `${guestPath(guest)}/move_volume`, { volume, 'target-vmid': Number(target), 'target-volume': `${as}${index}`, digest: seen.digest })
        if (isUpid(answer)) followInCorner(i18n._('{name}: reassign {disk} to {target}', { name: guest.name ?? guest.vmid, disk: volume, target: target ?? '' }), answer)
      }}
      fieldOf={(parameter) => (parameter === 'target-vmid' ? 'target' : parameter === 'target-volume' ? 'index' : parameter)}
      done={close}
      action={i18n._('Reassign Owner')}
    >
      {(form) => <Fields fields={fields} form={form} />}
    </Form>
  )
}

/** Whether volumes can go elsewhere in this version. */
export const canMove = () => offers(MOVE_VOLUME)

const modes = /^0?[0-7]{3}$/
const id = (value: string) => (/^\d+$/.test(value) ? undefined : i18n._('A whole number'))

/** A device of the node that the container may use: changes it, or adds it when there is none at that place. */
export function DeviceDialog({ seen, change, close, device }: Pick<DialogProps, 'seen' | 'change' | 'close'> & { device: string }) {
  const fields: Field[] = [
    { key: device, property: 'path', kind: 'text', label: () => i18n._('Device of the node'), placeholder: '/dev/net/tun', required: true, check: (value) => (value.startsWith('/dev/') ? path(value) : i18n._('A path below /dev')) },
    { key: device, property: 'uid', kind: 'text', label: () => i18n._('Owner inside (number)'), placeholder: '0', check: id, advanced: true },
    { key: device, property: 'gid', kind: 'text', label: () => i18n._('Group inside (number)'), placeholder: '0', check: id, advanced: true },
    { key: device, property: 'mode', kind: 'text', label: () => i18n._('Permissions (octal)'), placeholder: '0660', check: (value) => (modes.test(value) ? undefined : i18n._('Such as 0660')), advanced: true },
    { key: device, property: 'deny-write', kind: 'switch', label: () => i18n._('Read-only'), absent: '0' },
  ]
  return <SettingsForm fields={fields} get={nextOf(seen.settings)} change={(parameters) => change(parameters, seen.digest)} close={close} />
}
