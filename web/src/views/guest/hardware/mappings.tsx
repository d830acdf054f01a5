// Devices and directories of the host that a VM may have: those that administrators gave a name (mappings), and those
// that the node itself lists.
import { Select, Text } from '@mantine/core'
import { useApiAt } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import { i18n } from '../../../i18n'
import type { Choice, Drawn } from '../config/fields'
import { PickField } from './pickers'

export type MappingKind = 'pci' | 'usb' | 'dir'

export interface Mapping {
  id: string
  description?: string
  map: string[]
  checks?: Check[]
  /** For USB, checks have this name. */
  error?: Check[]
  mdev?: number
  'live-migration-capable'?: number
  digest?: string
}

export interface Check {
  severity: 'warning' | 'error'
  message: string
}

/** Mappings of a kind; with a node, those it has, checked there. */
export function useMappings(kind: MappingKind, node?: string) {
  return useApiAt<Mapping[]>(`/cluster/mapping/${kind}`, node ? { 'check-node': node } : {}, { enabled: offers(`get /cluster/mapping/${kind}`) })
}

/** Chooses a mapping that the node of a VM has. */
export function MappingField({ kind, node, required, ...field }: Pick<Drawn, 'label' | 'hint' | 'value' | 'set' | 'error'> & { kind: MappingKind; node: string; required?: boolean }) {
  const { data, error } = useMappings(kind, node)
  const here = (data ?? []).filter(({ map }) => map.some((entry) => entry.split(',').includes(`node=${node}`)))
  const wrong = (data ?? []).find(({ id }) => id === field.value)
  const checks = wrong?.checks ?? wrong?.error ?? []
  return (
    <div>
      <PickField
        {...field}
        required={required}
        error={field.error ?? error?.message}
        placeholder={data && here.length === 0 ? i18n._('none on {node}: Datacenter → Resource Mappings', { node }) : undefined}
        choices={here.map(({ id, description }) => ({ value: id, label: description ? `${id} (${description})` : id }))}
      />
      {checks.map(({ message }) => <Text key={message} size="xs" c="red">{message}</Text>)}
    </div>
  )
}

export interface PciDevice {
  id: string
  class?: string
  vendor: string
  device: string
  vendor_name?: string
  device_name?: string
  subsystem_vendor?: string
  subsystem_device?: string
  iommugroup: number
  mdev?: number
}

export interface UsbDevice {
  busnum: number
  devnum: number
  vendid: string
  prodid: string
  usbpath?: string
  product?: string
  manufacturer?: string
  speed: string
  class: number
  level: number
}

/** PCI devices of a node. Its bridges and memory controllers are left out, as no guest can have them. */
export function usePciDevices(node: string) {
  return useApiAt<PciDevice[]>('/nodes/{node}/hardware/pci', { node }, { enabled: node !== '' && offers('get /nodes/{node}/hardware/pci') })
}

/** USB devices of a node, without its hubs. */
export function useUsbDevices(node: string) {
  const answer = useApiAt<UsbDevice[]>('/nodes/{node}/hardware/usb', { node }, { enabled: node !== '' && offers('get /nodes/{node}/hardware/usb') })
  // 9 is the class of hubs.
  return { ...answer, data: answer.data?.filter((one) => one.class !== 9) }
}

const HEX = /^0x/
export const usbIds = ({ vendid, prodid }: Pick<UsbDevice, 'vendid' | 'prodid'>) => `${vendid.replace(HEX, '')}:${prodid.replace(HEX, '')}`
export const usbPort = ({ busnum, usbpath }: Pick<UsbDevice, 'busnum' | 'usbpath'>) => (usbpath ? `${busnum}-${usbpath}` : '')
export const usbName = (device: UsbDevice) => [device.manufacturer, device.product].filter(Boolean).join(' ') || usbIds(device)
export const pciName = ({ vendor_name: vendor, device_name: device, vendor: v, device: d }: PciDevice) => [vendor ?? v, device ?? d].join(' ')

/** Devices of a node to choose from. */
export function DeviceChoice({ label, value, set, error, choices, loading, hint }: { label: string; value: string; set: (value: string) => void; error?: React.ReactNode; choices: readonly Choice[]; loading: boolean; hint?: string }) {
  return (
    <Select
      label={label}
      description={hint}
      data={value && !choices.some((one) => one.value === value) ? [...choices, { value, label: value }] : [...choices]}
      value={value || null}
      onChange={(next) => set(next ?? '')}
      error={error}
      searchable
      allowDeselect={false}
      limit={300}
      nothingFoundMessage="–"
      placeholder={!loading && choices.length === 0 ? i18n._('The node has none') : undefined}
    />
  )
}
