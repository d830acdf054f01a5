// Dialogs about disks: a new one, what is set for one, an unused one put to use, a larger one.
import { NumberInput, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useEffect } from 'react'
import { request } from '../../../api/call'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { followInCorner, isUpid } from '../../../shell/tasks'
import { Form } from '../../../ui/Form'
import { Fields, problems, SettingsForm, type Field } from '../config/fields'
import { changesOf, nextOf } from '../config/settings'
import { guestPath, type Change, type Seen } from '../config/useSettings'
import { diskFields, placeFields } from './diskFields'
import { driveId, freePlaces, readDrive, usualBus, type Bus } from './drives'
import { useFirstChoice } from './firstChoice'
import { useStorages } from './storages'
import { VolumeSelect } from './VolumeSelect'

export interface DialogProps {
  guest: Guest
  seen: Seen
  change: Change
  close: () => void
}

type Values = Record<string, string>

/** Takes the first free number of the bus that was chosen. */
export function useFreePlace(form: UseFormReturnType<Values>, seen: Seen) {
  const { bus } = form.values
  useEffect(() => {
    const [free] = freePlaces(seen.settings, bus as Bus)
    if (free !== undefined) form.setFieldValue('index', String(free))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when another bus is chosen
  }, [bus])
}

const startPlace = (seen: Seen, bus: Bus) => ({ bus, index: String(freePlaces(seen.settings, bus)[0] ?? 0) })
const bus = (values: Values) => values.bus as Bus

/** What a disk has if nothing else is asked for: a thread of its own where the controller gives each disk one. */
const usualOptions = ({ settings }: Seen): Values => ({
  'scsi:cache': 'none', 'scsi:discard': 'ignore', 'scsi:ssd': '0', 'scsi:backup': '1', 'scsi:ro': '0', 'scsi:replicate': '1', 'scsi:aio': 'default',
  'scsi:iothread': settings.get('scsihw')?.next === 'virtio-scsi-single' ? '1' : '0',
})

/** Adds an empty disk, or with `imported` one that is a copy of an image. */
export function AddDisk({ guest, seen, change, close, imported }: DialogProps & { imported?: boolean }) {
  const storages = useStorages(guest.node, 'images')
  const options = diskFields('scsi', bus)
  const fields = (values: Values): Field[] => {
    const formats = storages.formats(values.storage)?.supported ?? []
    return [
      ...placeFields(seen.settings, ['scsi', 'virtio', 'sata', 'ide']),
      { key: 'storage', kind: 'select', label: () => i18n._('Storage'), choices: storages.choices, required: true },
      { key: 'size', kind: 'number', label: () => i18n._('Size'), suffix: 'GiB', min: 0.001, required: true, when: () => !imported },
      { key: 'format', kind: 'select', label: () => i18n._('Format'), choices: formats, when: () => formats.length > 1 },
      ...options,
    ]
  }
  const none = () => undefined
  return (
    <Form<Values>
      initial={{
        ...startPlace(seen, usualBus(seen.settings)), storage: '', size: '32', format: '', from: '', file: '',
        ...usualOptions(seen),
      }}
      validate={(values) => ({ ...problems(fields(values), values), ...(imported && !values.file && { file: i18n._('Choose an image') }) })}
      submit={async (values) => {
        const rest = changesOf(options.filter((field) => field.when?.(values) ?? true), values, none).set.scsi
        const format = values.format && values.format !== storages.formats(values.storage)?.default ? `format=${values.format}` : ''
        const volume = imported ? `${values.storage}:0,import-from=${values.file}` : `${values.storage}:${values.size}`
        const parameters = { [`${values.bus}${values.index}`]: [volume, format, rest].filter(Boolean).join(',') }
        if (!imported) return change(parameters, seen.digest)
        // Copying takes its time.
        const answer = await request('post', `${guestPath(guest)}/config`, { ...parameters, digest: seen.digest })
        if (isUpid(answer)) followInCorner(i18n._('{name}: import a disk', { name: guest.name ?? guest.vmid }), answer)
        return answer
      }}
      fieldOf={(parameter) => (driveId(parameter) ? 'storage' : parameter)}
      done={close}
      action={imported ? i18n._('Import') : i18n._('Add')}
    >
      {(form) => <NewDisk imported={imported} guest={guest} form={form} fields={fields(form.values)} seen={seen} storages={storages} />}
    </Form>
  )
}

function NewDisk({ form, fields, seen, guest, storages, imported }: { imported?: boolean; guest: Guest; form: UseFormReturnType<Values>; fields: Field[]; seen: Seen; storages: ReturnType<typeof useStorages> }) {
  useFreePlace(form, seen)
  useFirstChoice(form, 'storage', storages.names)
  const formats = storages.formats(form.values.storage)
  // Files of this format can have snapshots.
  const usual = formats?.supported.includes('qcow2') ? 'qcow2' : formats?.default
  const { storage } = form.values
  useEffect(() => {
    if (usual) form.setFieldValue('format', usual)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when another storage is chosen
  }, [storage, usual])
  return (
    <>
      {storages.loaded && storages.names.length === 0 && <Text size="sm">{i18n._('No storage of {node} takes disks of guests. Let one do so under Datacenter → Storage.', { node: guest.node })}</Text>}
      {imported && <VolumeSelect guest={guest} form={form} content="import" label={i18n._('Image')} storage="from" />}
      <Fields fields={fields} form={form} />
    </>
  )
}

/** What is set for a disk. */
export function EditDisk({ seen, change, close, disk }: DialogProps & { disk: string }) {
  const get = nextOf(seen.settings)
  const id = driveId(disk)
  const fields = diskFields(disk, () => id?.bus ?? 'scsi')
  return (
    <SettingsForm
      fields={fields}
      get={get}
      change={(parameters) => change(parameters, seen.digest)}
      close={close}
      note={readDrive(get(disk) ?? '').get('file')}
    />
  )
}

/** Puts an unused disk to use. */
export function AttachDisk({ seen, change, close, disk }: DialogProps & { disk: string }) {
  const volume = seen.settings.get(disk)?.next ?? ''
  const options = diskFields('scsi', bus)
  const fields = [...placeFields(seen.settings, ['scsi', 'virtio', 'sata', 'ide']), ...options]
  return (
    <Form<Values>
      initial={{
        ...startPlace(seen, usualBus(seen.settings)),
        ...usualOptions(seen),
      }}
      validate={(values) => problems(fields, values)}
      submit={(values) => {
        const rest = changesOf(options.filter((field) => field.when?.(values) ?? true), values, () => undefined).set.scsi
        return change({ [`${values.bus}${values.index}`]: [volume, rest].filter(Boolean).join(',') }, seen.digest)
      }}
      fieldOf={(parameter) => (driveId(parameter) ? 'bus' : parameter)}
      done={close}
      action={i18n._('Attach')}
    >
      {(form) => <Attached form={form} fields={fields} seen={seen} volume={volume} />}
    </Form>
  )
}

function Attached({ form, fields, seen, volume }: { form: UseFormReturnType<Values>; fields: Field[]; seen: Seen; volume: string }) {
  useFreePlace(form, seen)
  return (
    <>
      <Text size="sm" className="dim">{volume}</Text>
      <Fields fields={fields} form={form} />
    </>
  )
}

/** Makes a disk larger. */
export function ResizeDisk({ guest, seen, close, disk }: Omit<DialogProps, 'change'> & { disk: string }) {
  const size = readDrive(seen.settings.get(disk)?.now ?? '').get('size')
  return (
    <Form<{ size: string | number }>
      initial={{ size: 1 }}
      validate={({ size: more }) => (Number(more) > 0 ? {} : { size: i18n._('More than 0') })}
      submit={async ({ size: more }) => {
        const answer = await request('put', `${guestPath(guest)}/resize`, { disk, size: `+${more}G`, digest: seen.digest })
        if (isUpid(answer)) followInCorner(i18n._('{name}: resize {disk}', { name: guest.name ?? guest.vmid, disk }), answer)
      }}
      done={close}
      action={i18n._('Resize')}
    >
      {(form) => (
        <>
          <Text size="sm">
            {guest.type === 'qemu'
              ? i18n._('{disk} has {size}. It can grow, not shrink; the file system in it has to be grown by the guest.', { disk, size: size ?? '?' })
              : i18n._('{disk} has {size}. It can grow, not shrink; its file system grows with it.', { disk, size: size ?? '?' })}
          </Text>
          <NumberInput label={i18n._('Add')} suffix=" GiB" min={0} step={1} data-autofocus {...form.getInputProps('size')} />
        </>
      )}
    </Form>
  )
}
