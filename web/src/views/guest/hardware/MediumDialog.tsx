// What is in a CD/DVD drive, and new drives.
import { Radio, Select, Stack } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Fields, problems } from '../config/fields'
import { placeFields } from './diskFields'
import { useFirstChoice, useFreePlace, type DialogProps } from './DiskDialogs'
import { changeDrive, driveId, freePlaces, readDrive, type Bus } from './drives'
import { useStorages, useVolumes } from './storages'

type Values = Record<string, string>
const BUSES = ['ide', 'sata', 'scsi'] as const

/** Changes the medium of a drive, or adds a drive when none is given. */
export function MediumDialog({ guest, seen, change, close, drive }: DialogProps & { drive?: string }) {
  const value = drive ? (seen.settings.get(drive)?.next ?? '') : ''
  const file = readDrive(value).get('file') ?? 'none'
  const isImage = file.includes(':')
  const first: Bus = BUSES.find((bus) => freePlaces(seen.settings, bus).length > 0) ?? 'ide'
  const place = drive ? [] : placeFields(seen.settings, BUSES)
  const initial: Values = {
    medium: drive ? (isImage ? 'image' : file === 'cdrom' ? 'cdrom' : 'none') : 'image',
    storage: isImage ? file.slice(0, file.indexOf(':')) : '',
    file: isImage ? file : '',
    ...(drive ? {} : { bus: first, index: String(freePlaces(seen.settings, first)[0] ?? 0) }),
  }
  return (
    <Form<Values>
      initial={initial}
      validate={(values) => ({
        ...problems(place, values),
        ...(values.medium === 'image' && !values.file && { file: i18n._('Choose an image') }),
      })}
      submit={(values) => {
        const chosen = values.medium === 'image' ? values.file : values.medium
        // Size belongs to the medium that was there.
        const next = chosen === file ? value : changeDrive(value, { size: undefined, file: chosen, media: 'cdrom' })
        return change({ [drive ?? `${values.bus}${values.index}`]: next }, seen.digest)
      }}
      fieldOf={(parameter) => (driveId(parameter) ? 'file' : parameter)}
      done={close}
      action={drive ? i18n._('OK') : i18n._('Add')}
    >
      {(form) => (
        <>
          {!drive && <Place form={form} seen={seen} />}
          <Radio.Group {...form.getInputProps('medium')} label={i18n._('Medium')}>
            <Stack gap={6} mt={4}>
              <Radio size="xs" value="image" label={i18n._('ISO image')} />
              {initial.medium === 'cdrom' && <Radio size="xs" value="cdrom" label={i18n._('Drive of the node')} />}
              <Radio size="xs" value="none" label={i18n._('None')} />
            </Stack>
          </Radio.Group>
          {form.values.medium === 'image' && <Image guest={guest} form={form} />}
        </>
      )}
    </Form>
  )
}

function Place({ form, seen }: { form: UseFormReturnType<Values>; seen: DialogProps['seen'] }) {
  useFreePlace(form, seen)
  return <Fields fields={placeFields(seen.settings, BUSES)} form={form} />
}

function Image({ guest, form }: { guest: Guest; form: UseFormReturnType<Values> }) {
  const storages = useStorages(guest.node, 'iso')
  useFirstChoice(form, 'storage', storages.names)
  const images = useVolumes(guest.node, form.values.storage ?? '', 'iso')
  const own = form.values.file
  const choices = own && !images.choices.some((one) => one.value === own) && own.startsWith(`${form.values.storage}:`) ? [...images.choices, { value: own, label: own }] : images.choices
  return (
    <>
      <Select
        label={i18n._('Storage')}
        data={storages.choices}
        value={form.values.storage || null}
        onChange={(storage) => form.setValues({ storage: storage ?? '', file: '' })}
        allowDeselect={false}
        error={storages.loaded && storages.names.length === 0 && i18n._('No storage of {node} holds ISO images', { node: guest.node })}
      />
      <Select
        label={i18n._('ISO image')}
        data={choices}
        {...form.getInputProps('file')}
        value={form.values.file || null}
        searchable
        limit={200}
        allowDeselect={false}
        placeholder={images.loaded && choices.length === 0 ? i18n._('There is none: upload one to the storage') : undefined}
        nothingFoundMessage="–"
      />
    </>
  )
}
