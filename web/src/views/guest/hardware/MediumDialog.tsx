// What is in a CD/DVD drive, and new drives.
import { Radio, Stack } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Fields, problems } from '../config/fields'
import { placeFields } from './diskFields'
import { useFreePlace, type DialogProps } from './DiskDialogs'
import { changeDrive, driveId, freePlaces, readDrive, type Bus } from './drives'
import { VolumeSelect } from './VolumeSelect'

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
          {form.values.medium === 'image' && <VolumeSelect guest={guest} form={form} content="iso" label={i18n._('ISO image')} />}
        </>
      )}
    </Form>
  )
}

function Place({ form, seen }: { form: UseFormReturnType<Values>; seen: DialogProps['seen'] }) {
  useFreePlace(form, seen)
  return <Fields fields={placeFields(seen.settings, BUSES)} form={form} />
}
