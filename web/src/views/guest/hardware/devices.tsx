// Devices that are added with a few fields: EFI disk, serial port, random numbers, watchdog.
import type { UseFormReturnType } from '@mantine/form'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import { changesOf, family, parametersOf, slotName, slotValue } from '../config/settings'
import type { DialogProps } from './DiskDialogs'
import { useFirstChoice } from './firstChoice'
import { useStorages } from './storages'

type Values = Record<string, string>

/** Adds an EFI disk: where OVMF keeps its settings. */
export function AddEfiDisk({ guest, seen, change, close }: DialogProps) {
  const storages = useStorages(guest.node, 'images')
  const fields: Field[] = [
    { key: 'storage', kind: 'select', label: () => i18n._('Storage'), choices: storages.choices, required: true },
    { key: 'keys', kind: 'switch', label: () => i18n._('Keys of Microsoft and distributions are enrolled'), hint: () => i18n._('Secure Boot needs them') },
  ]
  return (
    <Form<Values>
      initial={{ storage: '', keys: '1' }}
      validate={(values) => problems(fields, values)}
      submit={({ storage, keys }) => change({ efidisk0: `${storage}:1,efitype=4m${keys === '1' ? ',pre-enrolled-keys=1' : ''}` }, seen.digest)}
      fieldOf={(parameter) => (parameter === 'efidisk0' ? 'storage' : parameter)}
      done={close}
      action={i18n._('Add')}
    >
      {(form) => <WithStorage form={form} fields={fields} storages={storages.names} />}
    </Form>
  )
}

function WithStorage({ form, fields, storages }: { form: UseFormReturnType<Values>; fields: Field[]; storages: string[] }) {
  useFirstChoice(form, 'storage', storages)
  return <Fields fields={fields} form={form} />
}

/** Adds a serial port, to which a console can be opened. */
export function AddSerial({ seen, change, close }: DialogProps) {
  const there = family(seen.settings, 'serial')
  const free = [0, 1, 2, 3].map(String).filter((port) => !there.includes(`serial${port}`))
  const fields: Field[] = [{ key: 'port', kind: 'select', label: () => i18n._('Serial port'), choices: free }]
  return (
    <Form<Values> initial={{ port: free[0] ?? '' }} submit={({ port }) => change({ [`serial${port}`]: 'socket' }, seen.digest)} fieldOf={() => 'port'} done={close} action={i18n._('Add')}>
      {(form) => <Fields fields={fields} form={form} />}
    </Form>
  )
}

export const RNG: readonly Field[] = [
  { key: 'rng0', property: 'source', kind: 'select', label: () => i18n._('Source'), choices: ['/dev/urandom', '/dev/random', '/dev/hwrng'], required: true },
  { key: 'rng0', property: 'max_bytes', kind: 'number', label: () => i18n._('Limit'), suffix: 'B', min: 0, placeholder: '1024', hint: () => i18n._('For each period; 0 for no limit') },
  { key: 'rng0', property: 'period', kind: 'number', label: () => i18n._('Period'), suffix: 'ms', min: 0, placeholder: '1000' },
]

export const WATCHDOG: readonly Field[] = [
  { key: 'watchdog', property: 'model', kind: 'select', label: () => i18n._('Model'), choices: ['i6300esb', 'ib700'], required: true },
  { key: 'watchdog', property: 'action', kind: 'select', label: () => i18n._('Action'), choices: ['reset', 'shutdown', 'poweroff', 'pause', 'debug', 'none'], required: true },
]

/** Adds or changes a device by its fields. */
export function DeviceDialog({ seen, change, close, fields, usual }: DialogProps & { fields: readonly Field[]; usual: Values }) {
  const get = (key: string) => seen.settings.get(key)?.next
  const initial = Object.fromEntries(fields.map((field) => [slotName(field), slotValue(field, get) || usual[slotName(field)] || '']))
  return (
    <Form<Values>
      initial={initial}
      validate={(values) => problems(fields, values)}
      submit={async (values) => {
        const parameters = parametersOf(changesOf(fields, values, get))
        if (Object.keys(parameters).length > 0) await change(parameters, seen.digest)
      }}
      fieldOf={() => slotName(fields[0] ?? { key: '' })}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <Fields fields={fields} form={form} />}
    </Form>
  )
}
