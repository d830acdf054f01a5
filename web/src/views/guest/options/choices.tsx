// Fields of options that draw themselves.
import { Checkbox, Stack } from '@mantine/core'
import { i18n } from '../../../i18n'
import type { Drawn } from '../config/fields'
import { PickField } from '../hardware/pickers'
import { useStorages } from '../hardware/storages'

const FEATURES = () => [
  { value: 'disk', label: i18n._('Disks') },
  { value: 'network', label: i18n._('Network devices') },
  { value: 'usb', label: 'USB' },
  { value: 'memory', label: i18n._('Memory'), hint: i18n._('Needs NUMA') },
  { value: 'cpu', label: i18n._('Processors') },
  { value: 'cloudinit', label: i18n._('Cloud-Init') },
]

/** What the option says: 1 stands for what is usual, 0 for nothing. */
export const readHotplug = (value: string): string[] => (value === '1' ? ['network', 'disk', 'usb'] : value === '0' ? [] : value.split(/[,;\s]+/).filter(Boolean))

/** What a running VM takes over at once. */
export function HotplugChoice({ label, hint, value, set, error }: Drawn) {
  return (
    <Checkbox.Group label={label} description={hint} error={error} value={readHotplug(value)} onChange={(chosen) => set(chosen.join(',') || '0')}>
      <Stack gap={6} mt={6}>
        {FEATURES().map(({ value: feature, label: name, hint: needs }) => <Checkbox key={feature} value={feature} label={name} description={needs} />)}
      </Stack>
    </Checkbox.Group>
  )
}

/** The storage that takes a VM's memory. */
export function StateStorage({ node, ...field }: Drawn & { node: string }) {
  const storages = useStorages(node, 'images')
  return <PickField {...field} choices={storages.choices} placeholder={i18n._('Automatic')} clearable allowDeselect />
}
