// Chooses a volume of a storage: an ISO image, an image to import.
import { Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { useFirstChoice } from './firstChoice'
import { useStorages, useVolumes } from './storages'

interface Props {
  guest: Guest
  form: UseFormReturnType<Record<string, string>>
  content: 'iso' | 'import' | 'vztmpl'
  label: string
  /** Fields of the form that hold the storage and the volume. */
  storage?: string
  file?: string
}

export function VolumeSelect({ guest, form, content, label, storage = 'storage', file = 'file' }: Props) {
  const storages = useStorages(guest.node, content)
  useFirstChoice(form, storage, storages.names)
  const chosen = form.values[storage] ?? ''
  const volumes = useVolumes(guest.node, chosen, content)
  const own = form.values[file] ?? ''
  // A medium that is gone is still the one that is set.
  const choices = own.startsWith(`${chosen}:`) && !volumes.choices.some((one) => one.value === own) ? [...volumes.choices, { value: own, label: own }] : volumes.choices
  return (
    <>
      <Select
        label={i18n._('Storage of the {what}', { what: label })}
        data={storages.choices}
        value={chosen || null}
        onChange={(next) => form.setValues({ [storage]: next ?? '', [file]: '' })}
        allowDeselect={false}
        error={storages.loaded && storages.names.length === 0 && i18n._('No storage of {node} holds such volumes', { node: guest.node })}
      />
      <Select
        label={label}
        data={choices}
        {...form.getInputProps(file)}
        value={own || null}
        searchable
        limit={200}
        allowDeselect={false}
        placeholder={volumes.loaded && choices.length === 0 ? i18n._('There is none: upload one to the storage') : undefined}
        nothingFoundMessage="–"
      />
    </>
  )
}
