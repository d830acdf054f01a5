// Disks that go elsewhere: to another storage, to another VM.
import type { UseFormReturnType } from '@mantine/form'
import { request } from '../../../api/call'
import { useGuests } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { followInCorner, isUpid } from '../../../shell/tasks'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import { guestPath } from '../config/useSettings'
import type { DialogProps } from './DiskDialogs'
import { BUSES, readDrive } from './drives'
import { useFirstChoice } from './firstChoice'
import { useStorages } from './storages'

type Values = Record<string, string>
type Props = Omit<DialogProps, 'change'> & { disk: string }

const nameOf = ({ guest }: Props) => guest.name ?? String(guest.vmid)

/** Copies a disk to another storage and goes on with that one. */
export function MoveDisk(props: Props) {
  const { guest, seen, close, disk } = props
  const storages = useStorages(guest.node, 'images')
  const volume = readDrive(seen.settings.get(disk)?.now ?? '').get('file') ?? ''
  const from = volume.slice(0, volume.indexOf(':'))
  const fields = ({ storage }: Values): Field[] => {
    const formats = storages.formats(storage)?.supported ?? []
    return [
      { key: 'storage', kind: 'select', label: () => i18n._('Target storage'), choices: storages.choices, required: true },
      { key: 'format', kind: 'select', label: () => i18n._('Format'), choices: () => [{ value: '', label: i18n._('The same, where the storage has it') }, ...formats.map((value) => ({ value, label: value }))], when: () => formats.length > 1 },
      { key: 'delete', kind: 'switch', label: () => i18n._('Delete the source'), hint: () => i18n._('Otherwise it stays as an unused disk of this VM') },
    ]
  }
  return (
    <Form<Values>
      initial={{ storage: '', format: '', delete: '1' }}
      validate={(values) => ({ ...problems(fields(values), values), ...(values.storage === from && !values.format && { storage: i18n._('The disk is there already; choose another storage or another format') }) })}
      submit={async (values) => {
        const answer = await request('post', `${guestPath(guest)}/move_disk`, {
          disk, storage: values.storage, format: values.format || undefined, delete: values.delete === '1' ? 1 : 0, digest: seen.digest,
        })
        if (isUpid(answer)) followInCorner(i18n._('{name}: move {disk}', { name: nameOf(props), disk }), answer)
      }}
      done={close}
      action={i18n._('Move Storage')}
    >
      {(form) => <MoveFields form={form} fields={fields(form.values)} note={volume} storages={storages.names.toSorted((a, b) => Number(a === from) - Number(b === from))} />}
    </Form>
  )
}

function MoveFields({ form, fields, storages, note }: { form: UseFormReturnType<Values>; fields: Field[]; storages: string[]; note: string }) {
  useFirstChoice(form, 'storage', storages)
  return (
    <>
      <p className="dim">{note}</p>
      <Fields fields={fields} form={form} />
    </>
  )
}

/** Gives a disk to another VM of the node. */
export function ReassignDisk(props: Props) {
  const { guest, seen, close, disk } = props
  const others = useGuests().filter((one) => one.type === 'qemu' && one.node === guest.node && one.vmid !== guest.vmid && !one.template)
  const small = disk === 'efidisk0' || disk === 'tpmstate0'
  const fields: Field[] = [
    { key: 'target', kind: 'search', label: () => i18n._('Target VM'), choices: others.map(({ vmid, name }) => ({ value: String(vmid), label: name ? `${vmid} (${name})` : String(vmid) })), required: true },
    ...(small
      ? []
      : ([
          { key: 'bus', kind: 'select', label: () => i18n._('Bus'), choices: () => [...Object.keys(BUSES).map((value) => ({ value, label: value })), { value: 'unused', label: i18n._('unused') }] },
          { key: 'index', kind: 'number', label: () => i18n._('Device number'), min: 0, max: 255, required: true },
        ] satisfies Field[])),
  ]
  return (
    <Form<Values>
      initial={{ target: '', bus: 'unused', index: '0' }}
      validate={(values) => problems(fields, values)}
      submit={async ({ target, bus, index }) => {
        const answer = await request('post', `${guestPath(guest)}/move_disk`, {
          disk, 'target-vmid': Number(target), 'target-disk': small ? disk : `${bus}${index}`, digest: seen.digest,
        })
        if (isUpid(answer)) followInCorner(i18n._('{name}: reassign {disk} to {target}', { name: nameOf(props), disk, target: target ?? '' }), answer)
      }}
      fieldOf={(parameter) => (parameter === 'target-vmid' ? 'target' : parameter === 'target-disk' ? 'index' : parameter)}
      done={close}
      action={i18n._('Reassign Owner')}
    >
      {(form) => <Fields fields={fields} form={form} />}
    </Form>
  )
}
