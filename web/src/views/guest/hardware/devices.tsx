// Devices that are made of a few fields: what they are called, what may be set, how many a VM can have.
import { IconCpu2, IconDice5, IconFolderShare, IconPlugConnected, IconTerminal2, IconVolume, type Icon } from '@tabler/icons-react'
import { createElement } from 'react'
import { settable } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import { changesOf, parametersOf, slotName, slotValue } from '../config/settings'
import type { DialogProps } from './DiskDialogs'
import { MappingField } from './mappings'

type Values = Record<string, string>

export interface DeviceKind {
  /** `audio0`, or `serial` for serial0, serial1, … */
  prefix: string
  /** How many there can be; one, whose key is the prefix, when not given. */
  count?: number
  icon: Icon
  label: () => string
  /** Privilege that changing one needs. */
  needs: string
  fields: (key: string, guest: Guest) => readonly Field[]
  /** What a new one begins with, by field; and what is not asked for. */
  usual: (key: string) => Values
  /** What the table shows of its value; the value itself when not given. */
  text?: (value: string) => string
}

const HWTYPE = 'VM.Config.HWType'

export const DEVICES: readonly DeviceKind[] = [
  {
    prefix: 'numa', count: 8, icon: IconCpu2, label: () => i18n._('NUMA Node'), needs: 'VM.Config.CPU',
    fields: (key) => [
      { key, property: 'cpus', kind: 'text', label: () => i18n._('Processors'), placeholder: '0-3', required: true, hint: () => i18n._('Of the VM: 0-3;8'), check: ranges },
      { key, property: 'memory', kind: 'number', label: () => i18n._('Memory'), suffix: 'MiB', min: 1 },
      { key, property: 'hostnodes', kind: 'text', label: () => i18n._('NUMA nodes of the host'), placeholder: '0', check: ranges },
      { key, property: 'policy', kind: 'select', label: () => i18n._('Policy'), choices: () => [{ value: '', label: i18n._('Default') }, ...['preferred', 'bind', 'interleave'].map((value) => ({ value, label: value }))], when: (values) => Boolean(values[`${key}:hostnodes`]) },
    ],
    usual: () => ({}),
  },
  {
    prefix: 'serial', count: 4, icon: IconTerminal2, label: () => i18n._('Serial Port'), needs: HWTYPE,
    fields: (key) => [
      { key, kind: 'text', label: () => i18n._('Connected to'), hint: () => i18n._('“socket” for consoles; a device of the host such as /dev/ttyS0 for root@pam'), required: true, check: (value) => (/^(socket|\/dev\/[^,]+)$/.test(value) ? undefined : i18n._('“socket”, or a device below /dev')) },
    ],
    usual: (key) => ({ [key]: 'socket' }),
  },
  {
    prefix: 'rng0', icon: IconDice5, label: () => i18n._('VirtIO RNG'), needs: HWTYPE,
    fields: (key) => [
      { key, property: 'source', kind: 'select', label: () => i18n._('Source'), choices: ['/dev/urandom', '/dev/random', '/dev/hwrng'], required: true },
      { key, property: 'max_bytes', kind: 'number', label: () => i18n._('Limit'), suffix: 'B', min: 0, placeholder: '1024', hint: () => i18n._('For each period; 0 for no limit') },
      { key, property: 'period', kind: 'number', label: () => i18n._('Period'), suffix: 'ms', min: 0, placeholder: '1000' },
    ],
    usual: (key) => ({ [`${key}:source`]: '/dev/urandom' }),
  },
  {
    prefix: 'watchdog', icon: IconPlugConnected, label: () => i18n._('Watchdog'), needs: HWTYPE,
    fields: (key) => [
      { key, property: 'model', kind: 'select', label: () => i18n._('Model'), choices: ['i6300esb', 'ib700'], required: true },
      { key, property: 'action', kind: 'select', label: () => i18n._('Action'), choices: ['reset', 'shutdown', 'poweroff', 'pause', 'debug', 'none'], required: true },
    ],
    usual: (key) => ({ [`${key}:model`]: 'i6300esb', [`${key}:action`]: 'reset' }),
  },
  {
    prefix: 'audio0', icon: IconVolume, label: () => i18n._('Audio Device'), needs: HWTYPE,
    fields: (key) => [
      { key, property: 'device', kind: 'select', label: () => i18n._('Audio device'), choices: [{ value: 'ich9-intel-hda', label: 'Intel HD Audio (ICH9)' }, { value: 'intel-hda', label: 'Intel HD Audio (ICH6)' }, { value: 'AC97', label: 'AC97' }], required: true },
      { key, property: 'driver', kind: 'select', label: () => i18n._('Sound goes to'), absent: 'spice', choices: () => [{ value: 'spice', label: 'SPICE' }, { value: 'none', label: i18n._('Nowhere') }] },
    ],
    usual: (key) => ({ [`${key}:device`]: 'ich9-intel-hda', [`${key}:driver`]: 'spice' }),
  },
  {
    prefix: 'virtiofs', count: 10, icon: IconFolderShare, label: () => i18n._('Virtiofs'), needs: HWTYPE,
    fields: (key, guest) => [
      { key, property: 'dirid', kind: 'custom', label: () => i18n._('Directory'), required: true, draw: (field) => createElement(MappingField, { ...field, kind: 'dir', node: guest.node }) },
      { key, property: 'cache', kind: 'select', label: () => i18n._('Cache'), absent: 'auto', choices: ['auto', 'always', 'metadata', 'never'] },
      { key, property: 'direct-io', kind: 'switch', label: () => i18n._('Direct input and output'), absent: '0', advanced: true },
      { key, property: 'expose-xattr', kind: 'switch', label: () => i18n._('Extended attributes'), absent: '0', advanced: true },
      { key, property: 'expose-acl', kind: 'switch', label: () => i18n._('POSIX ACLs'), absent: '0', advanced: true, hint: () => i18n._('With them, extended attributes too') },
    ],
    usual: () => ({}),
    text: (value) => {
      const parts = parseProperties(value, 'dirid')
      const id = parts.get('dirid') ?? ''
      parts.delete('dirid')
      return [id, ...[...parts].map(([name, set]) => `${name}=${set}`)].join(', ')
    },
  },
]

function ranges(value: string): string | undefined {
  return /^\d+(-\d+)?(;\d+(-\d+)?)*$/.test(value) ? undefined : i18n._('Numbers and ranges, separated by “;”: 0-3;8')
}

/** Kinds of devices that this version can have. */
export const usableDevices = () => DEVICES.filter(({ prefix, count }) => settable(count ? `${prefix}0` : prefix))

/** Adds or changes a device by its fields. */
export function DeviceDialog({ guest, seen, change, close, kind, device, isNew }: DialogProps & { kind: DeviceKind; device: string; isNew?: boolean }) {
  const fields = kind.fields(device, guest).filter(({ key, property }) => settable(key, property))
  const get = (key: string) => seen.settings.get(key)?.next
  const usual = isNew ? kind.usual(device) : {}
  const initial = Object.fromEntries(fields.map((field) => [slotName(field), slotValue(field, get) || usual[slotName(field)] || '']))
  return (
    <Form<Values>
      initial={initial}
      validate={(values) => problems(fields, values)}
      submit={async (values) => {
        const parameters = parametersOf(changesOf(fields.filter((field) => field.when?.(values) ?? true), values, get))
        if (Object.keys(parameters).length > 0) await change(parameters, seen.digest)
      }}
      fieldOf={() => slotName(fields[0] ?? { key: '' })}
      done={close}
      action={isNew ? i18n._('Add') : i18n._('OK')}
    >
      {(form) => <Fields fields={fields} form={form} />}
    </Form>
  )
}
