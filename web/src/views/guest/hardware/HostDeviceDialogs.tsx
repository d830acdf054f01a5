// Dialogs about devices that come from the host: USB and PCI.
import { Radio, Stack } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useApiAt } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import { useSession } from '../../../api/session'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Fields, problems, type Field } from '../config/fields'
import type { DialogProps } from './DiskDialogs'
import { printPci, printUsb, readPci, readUsb, type PciValues, type UsbValues } from './hostDevice'
import { DeviceChoice, MappingField, pciName, usbIds, usbName, usbPort, usePciDevices, useUsbDevices } from './mappings'

const useIsRoot = () => useSession((state) => state.session?.username === 'root@pam')
const NEEDS_ROOT = () => i18n._('only root@pam may')

interface Of extends DialogProps {
  device: string
  isNew?: boolean
}

/** Changes or adds a USB device. */
export function UsbDialog({ guest, seen, change, close, device, isNew }: Of) {
  const before = seen.settings.get(device)?.next ?? ''
  const isRoot = useIsRoot()
  const initial = { ...readUsb(before), ...(isNew && { usb3: '1' }) }
  return (
    <Form<UsbValues>
      initial={initial}
      validate={(values) => (values.source === 'spice' || values[values.source] ? {} : { [values.source]: i18n._('Choose one') })}
      submit={async (values) => {
        const next = printUsb(values)
        if (next !== before) await change({ [device]: next }, seen.digest)
      }}
      fieldOf={() => 'source'}
      done={close}
      action={isNew ? i18n._('Add') : i18n._('OK')}
    >
      {(form) => <UsbFields form={form} node={guest.node} isRoot={isRoot} />}
    </Form>
  )
}

function UsbFields({ form, node, isRoot }: { form: UseFormReturnType<UsbValues>; node: string; isRoot: boolean }) {
  const { source } = form.values
  const { data, isLoading, error } = useUsbDevices(node)
  const hosts = offers('get /nodes/{node}/hardware/usb')
  const set = (name: string) => (value: string) => form.setFieldValue(name, value)
  const usb3: Field[] = [{ key: 'usb3', kind: 'switch', label: () => i18n._('USB 3'), hint: () => i18n._('Attached to a fast port') }]
  return (
    <>
      <Radio.Group {...form.getInputProps('source')} label={i18n._('USB device')}>
        <Stack gap={6} mt={4}>
          <Radio size="xs" value="spice" label={i18n._('Of the SPICE client')} />
          {offers('get /cluster/mapping/usb') && <Radio size="xs" value="mapping" label={i18n._('Mapped device')} />}
          {hosts && <Radio size="xs" value="device" disabled={!isRoot} label={isRoot ? i18n._('Device of the host, wherever it is plugged in') : `${i18n._('Device of the host, wherever it is plugged in')} (${NEEDS_ROOT()})`} />}
          {hosts && <Radio size="xs" value="port" disabled={!isRoot} label={isRoot ? i18n._('Port of the host, whatever is plugged in') : `${i18n._('Port of the host, whatever is plugged in')} (${NEEDS_ROOT()})`} />}
        </Stack>
      </Radio.Group>
      {source === 'mapping' && <MappingField kind="usb" node={node} label={i18n._('Mapping')} hint={undefined} value={form.values.mapping} set={set('mapping')} error={form.errors.mapping} />}
      {source === 'device' && (
        <DeviceChoice label={i18n._('Device')} value={form.values.device} set={set('device')} error={form.errors.device ?? error?.message} loading={isLoading} choices={unique((data ?? []).map((one) => ({ value: usbIds(one), label: `${usbName(one)} (${usbIds(one)})` })))} />
      )}
      {source === 'port' && (
        <DeviceChoice label={i18n._('Port')} value={form.values.port} set={set('port')} error={form.errors.port ?? error?.message} loading={isLoading} choices={unique((data ?? []).filter((one) => one.usbpath).map((one) => ({ value: usbPort(one), label: `${usbPort(one)}: ${usbName(one)}` })))} />
      )}
      <Fields fields={usb3} form={form as unknown as UseFormReturnType<Record<string, string>>} />
    </>
  )
}

/** Two devices of one kind have the same IDs: one choice. */
const unique = <T extends { value: string }>(choices: readonly T[]): T[] => [...new Map(choices.map((one) => [one.value, one])).values()]

const ID = (value: string) => (/^0x[\da-f]{4}$/i.test(value) ? undefined : i18n._('Such as 0x10de'))

const PCI_FIELDS: readonly Field[] = [
  { key: 'pcie', kind: 'switch', label: () => i18n._('PCI Express'), hint: () => i18n._('Needs the machine q35'), absent: '0' },
  { key: 'x-vga', kind: 'switch', label: () => i18n._('Primary display'), absent: '0' },
  { key: 'rombar', kind: 'switch', label: () => i18n._('Show its ROM'), absent: '1', advanced: true },
  { key: 'legacy-igd', kind: 'switch', label: () => i18n._('Legacy Intel graphics'), absent: '0', advanced: true },
  { key: 'romfile', kind: 'text', label: () => i18n._('ROM file'), advanced: true },
  { key: 'driver', kind: 'select', label: () => i18n._('Driver on the host'), choices: () => [{ value: '', label: 'vfio' }, { value: 'keep', label: i18n._('as it is') }], advanced: true },
  ...(['vendor-id', 'device-id', 'sub-vendor-id', 'sub-device-id'] as const).map((key): Field => ({ key, kind: 'text', label: () => ID_NAMES()[key], placeholder: () => i18n._("the device's own"), check: ID, advanced: true })),
]

function ID_NAMES() {
  return { 'vendor-id': i18n._('Vendor ID'), 'device-id': i18n._('Device ID'), 'sub-vendor-id': i18n._('Subsystem vendor ID'), 'sub-device-id': i18n._('Subsystem device ID') }
}

/** Changes or adds a PCI device. */
export function PciDialog({ guest, seen, change, close, device, isNew }: Of) {
  const before = seen.settings.get(device)?.next ?? ''
  const isRoot = useIsRoot()
  return (
    <Form<PciValues>
      initial={readPci(before)}
      validate={(values) => ({
        ...problems(PCI_FIELDS, values),
        ...(values.source === 'raw' && !values.host && { host: i18n._('Choose one') }),
        ...(values.source === 'mapping' && !values.mapping && { mapping: i18n._('Choose one') }),
      })}
      submit={async (values) => {
        const next = printPci(values, before)
        if (next !== before) await change({ [device]: next }, seen.digest)
      }}
      fieldOf={() => 'source'}
      done={close}
      action={isNew ? i18n._('Add') : i18n._('OK')}
    >
      {(form) => <PciFields form={form} node={guest.node} isRoot={isRoot} />}
    </Form>
  )
}

function PciFields({ form, node, isRoot }: { form: UseFormReturnType<PciValues>; node: string; isRoot: boolean }) {
  const { source, host, mapping } = form.values
  const { data, isLoading, error } = usePciDevices(node)
  const chosen = data?.find((one) => one.id === host)
  const group = chosen && chosen.iommugroup >= 0 ? (data ?? []).filter((one) => one.iommugroup === chosen.iommugroup && one.id !== chosen.id) : []
  const own = group.filter((one) => one.id.replace(/\.\w$/, '') !== chosen?.id.replace(/\.\w$/, ''))
  const set = (name: string) => (value: string) => form.setFieldValue(name, value)
  const fields: Field[] = [
    ...(source === 'raw' ? [{ key: 'all', kind: 'switch', label: () => i18n._('All functions'), absent: '0' } satisfies Field] : []),
    ...PCI_FIELDS,
  ]
  return (
    <>
      <Radio.Group {...form.getInputProps('source')} label={i18n._('PCI device')}>
        <Stack gap={6} mt={4}>
          {offers('get /cluster/mapping/pci') && <Radio size="xs" value="mapping" label={i18n._('Mapped device')} />}
          {offers('get /nodes/{node}/hardware/pci') && <Radio size="xs" value="raw" disabled={!isRoot} label={isRoot ? i18n._('Device of the host') : `${i18n._('Device of the host')} (${NEEDS_ROOT()})`} />}
        </Stack>
      </Radio.Group>
      {source === 'mapping' && <MappingField kind="pci" node={node} label={i18n._('Mapping')} hint={undefined} value={mapping} set={set('mapping')} error={form.errors.mapping} />}
      {source === 'raw' && (
        <DeviceChoice
          label={i18n._('Device')} value={host} set={set('host')} error={form.errors.host ?? error?.message} loading={isLoading}
          choices={(data ?? []).map((one) => ({ value: one.id, label: `${one.id} ${pciName(one)}${one.iommugroup >= 0 ? ` (${i18n._('IOMMU group {n}', { n: one.iommugroup })})` : ''}` }))}
          hint={own.length > 0 ? i18n._('In the same IOMMU group: {devices}', { devices: own.map((one) => one.id).join(', ') }) : data?.every((one) => one.iommugroup < 0) && data.length > 0 ? i18n._('This host has no IOMMU, or it is switched off: no device can be passed through.') : undefined}
        />
      )}
      <Mediated node={node} of={source === 'raw' ? (chosen?.mdev ? host : '') : mapping} form={form} />
      <Fields fields={fields} form={form as unknown as UseFormReturnType<Record<string, string>>} />
    </>
  )
}

interface MdevType {
  type: string
  name?: string
  available: number
  description: string
}

/** The type of a device that can be divided. */
function Mediated({ node, of, form }: { node: string; of: string; form: UseFormReturnType<PciValues> }) {
  const { data } = useApiAt<MdevType[]>('/nodes/{node}/hardware/pci/{pci}/mdev', { node, pci: of }, { enabled: of !== '' && offers('get /nodes/{node}/hardware/pci/{pci-id-or-mapping}/mdev') })
  if (!data?.length && !form.values.mdev) return null
  return (
    <DeviceChoice
      label={i18n._('Mediated device')} value={form.values.mdev} set={(value) => form.setFieldValue('mdev', value)} loading={false}
      choices={(data ?? []).map(({ type, name, available }) => ({ value: type, label: i18n._('{name} ({n} available)', { name: name ?? type, n: available }) }))}
    />
  )
}
