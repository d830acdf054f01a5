import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import type { EditorProps } from '../config/DefinitionTable'
import { Fields, problems, type Field } from '../config/fields'
import { printSmbios, readSmbios, type Smbios as Values } from './smbiosText'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

const FIELDS: readonly Field[] = [
  { key: 'uuid', kind: 'text', label: () => 'UUID', check: (value) => (UUID.test(value) ? undefined : i18n._('Such as 4654cd17-2789-4153-8f89-af3ec518e23a')) },
  { key: 'manufacturer', kind: 'text', label: () => i18n._('Manufacturer') },
  { key: 'product', kind: 'text', label: () => i18n._('Product') },
  { key: 'version', kind: 'text', label: () => i18n._('Version') },
  { key: 'serial', kind: 'text', label: () => i18n._('Serial number') },
  { key: 'sku', kind: 'text', label: () => i18n._('SKU number') },
  { key: 'family', kind: 'text', label: () => i18n._('Family') },
]

/** The names on the case, as the guest reads them. */
export function Smbios({ seen, change, close }: EditorProps) {
  const before = seen.settings.get('smbios1')?.next ?? ''
  const initial = readSmbios(before)
  return (
    <Form<Record<string, string>>
      initial={{ ...initial }}
      validate={(values) => problems(FIELDS, values)}
      submit={async (values) => {
        const next = printSmbios(values as Values)
        if (next !== printSmbios(initial)) await change(next === '' ? { delete: 'smbios1' } : { smbios1: next }, seen.digest)
      }}
      fieldOf={() => 'uuid'}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <Fields fields={FIELDS} form={form} />}
    </Form>
  )
}
