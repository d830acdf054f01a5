// What firmware keeps on a small disk of its own: OVMF's settings, a TPM's state.
import type { UseFormReturnType } from '@mantine/form'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import type { DialogProps } from './DiskDialogs'
import { useFirstChoice } from './firstChoice'
import { useStorages } from './storages'

type Values = Record<string, string>
type Storages = ReturnType<typeof useStorages>

const storageField = (storages: Storages): Field => ({ key: 'storage', kind: 'select', label: () => i18n._('Storage'), choices: storages.choices, required: true })
const formatField = (storages: Storages, storage: string | undefined): Field[] => {
  const formats = storages.formats(storage)?.supported ?? []
  return formats.length > 1 ? [{ key: 'format', kind: 'select', label: () => i18n._('Format'), choices: formats }] : []
}

/** Adds an EFI disk: where OVMF keeps its settings. */
export function AddEfiDisk({ guest, seen, change, close }: DialogProps) {
  const storages = useStorages(guest.node, 'images')
  const fields = (values: Values): Field[] => [
    storageField(storages),
    ...formatField(storages, values.storage),
    { key: 'keys', kind: 'switch', label: () => i18n._('Keys of Microsoft and distributions are enrolled'), hint: () => i18n._('Secure Boot needs them') },
  ]
  return (
    <Form<Values>
      initial={{ storage: '', format: '', keys: '1' }}
      validate={(values) => problems(fields(values), values)}
      submit={({ storage, format, keys }) =>
        change({ efidisk0: [`${storage}:1,efitype=4m`, keys === '1' && 'pre-enrolled-keys=1', format && `format=${format}`].filter(Boolean).join(',') }, seen.digest)}
      fieldOf={(parameter) => (parameter === 'efidisk0' ? 'storage' : parameter)}
      done={close}
      action={i18n._('Add')}
    >
      {(form) => <WithStorage form={form} fields={fields(form.values)} storages={storages} />}
    </Form>
  )
}

/** Adds the state of a TPM. */
export function AddTpm({ guest, seen, change, close }: DialogProps) {
  const storages = useStorages(guest.node, 'images')
  const fields: Field[] = [
    storageField(storages),
    { key: 'version', kind: 'select', label: () => i18n._('Version'), choices: [{ value: 'v2.0', label: '2.0' }, { value: 'v1.2', label: '1.2' }], hint: () => i18n._('Windows 11 needs 2.0') },
  ]
  return (
    <Form<Values>
      initial={{ storage: '', version: 'v2.0' }}
      validate={(values) => problems(fields, values)}
      submit={({ storage, version }) => change({ tpmstate0: `${storage}:1,version=${version}` }, seen.digest)}
      fieldOf={(parameter) => (parameter === 'tpmstate0' ? 'storage' : parameter)}
      done={close}
      action={i18n._('Add')}
    >
      {(form) => <WithStorage form={form} fields={fields} storages={storages} />}
    </Form>
  )
}

/** Adds the drive from which cloud-init reads what the tab Cloud-Init says. */
export function AddCloudInit({ guest, seen, change, close }: DialogProps) {
  const storages = useStorages(guest.node, 'images')
  const free = ['ide2', 'ide0', 'ide1', 'ide3', 'scsi1', 'scsi2', 'sata0', 'sata1'].filter((key) => !seen.settings.has(key))
  const fields: Field[] = [
    { key: 'place', kind: 'select', label: () => i18n._('Bus and number'), choices: free, required: true },
    storageField(storages),
  ]
  return (
    <Form<Values>
      initial={{ storage: '', place: free[0] ?? '' }}
      validate={(values) => problems(fields, values)}
      submit={({ storage, place }) => change({ [place ?? 'ide2']: `${storage}:cloudinit` }, seen.digest)}
      fieldOf={(parameter) => (seen.settings.has(parameter) ? parameter : 'storage')}
      done={close}
      action={i18n._('Add')}
    >
      {(form) => <WithStorage form={form} fields={fields} storages={storages} />}
    </Form>
  )
}

function WithStorage({ form, fields, storages }: { form: UseFormReturnType<Values>; fields: Field[]; storages: Storages }) {
  useFirstChoice(form, 'storage', storages.names)
  useFirstChoice(form, 'format', storages.formats(form.values.storage)?.supported.filter((one) => one === 'raw') ?? [])
  return <Fields fields={fields} form={form} />
}
