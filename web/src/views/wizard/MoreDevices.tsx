// Disks and cards besides the first of a new VM.
import { ActionIcon, Button, NumberInput, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconX } from '@tabler/icons-react'
import { i18n } from '../../i18n'
import { BridgePick, StoragePick } from '../../ui/pick'
import type { VmValues } from './vm'
import classes from './wizard.module.css'

type VmForm = UseFormReturnType<VmValues>

export const BUSES = [{ value: 'scsi', label: 'SCSI (VirtIO)' }, { value: 'virtio', label: 'VirtIO Block' }, { value: 'sata', label: 'SATA' }, { value: 'ide', label: 'IDE' }]
export const MODELS = [{ value: 'virtio', label: 'VirtIO' }, { value: 'e1000', label: 'Intel E1000' }, { value: 'rtl8139', label: 'Realtek RTL8139' }, { value: 'vmxnet3', label: 'VMware vmxnet3' }]

const Add = ({ label, run }: { label: string; run: () => void }) => (
  <Button className={classes.add} variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={run}>{label}</Button>
)
const Remove = ({ label, run }: { label: string; run: () => void }) => (
  <ActionIcon className={classes.remove} color="gray" aria-label={label} onClick={run}><IconX size={16} /></ActionIcon>
)

export function MoreDisks({ form }: { form: VmForm }) {
  const { node, disks, bus, storage } = form.values
  return (
    <>
      {disks.map((_, at) => (
        // eslint-disable-next-line react/no-array-index-key -- they have no name of their own
        <div key={at} className={classes.more} role="group" aria-label={i18n._('Disk {n}', { n: at + 2 })}>
          <Select label={i18n._('Bus')} allowDeselect={false} data={BUSES} {...form.getInputProps(`disks.${at}.bus`)} />
          <StoragePick label={i18n._('Storage')} node={node} content="images" {...form.getInputProps(`disks.${at}.storage`)} />
          <NumberInput label={i18n._('Size (GiB)')} min={0.125} decimalScale={3} {...form.getInputProps(`disks.${at}.size`)} />
          <Remove label={i18n._('Remove disk {n}', { n: at + 2 })} run={() => form.removeListItem('disks', at)} />
        </div>
      ))}
      <Add label={i18n._('Add another disk')} run={() => form.insertListItem('disks', { bus, storage, size: 32 })} />
      {form.errors.disks && <p className={classes.wrong} role="alert">{form.errors.disks}</p>}
    </>
  )
}

export function MoreCards({ form }: { form: VmForm }) {
  const { node, cards, bridge, model } = form.values
  return (
    <>
      {cards.map((_, at) => (
        // eslint-disable-next-line react/no-array-index-key -- they have no name of their own
        <div key={at} className={classes.more} role="group" aria-label={i18n._('Network card {n}', { n: at + 2 })}>
          <BridgePick label={i18n._('Bridge')} node={node} {...form.getInputProps(`cards.${at}.bridge`)} />
          <Select label={i18n._('Model')} allowDeselect={false} data={MODELS} {...form.getInputProps(`cards.${at}.model`)} />
          <NumberInput label={i18n._('VLAN tag')} placeholder={i18n._('none')} min={1} max={4094} allowDecimal={false} {...form.getInputProps(`cards.${at}.tag`)} />
          <Remove label={i18n._('Remove network card {n}', { n: at + 2 })} run={() => form.removeListItem('cards', at)} />
        </div>
      ))}
      <Add label={i18n._('Add another card')} run={() => form.insertListItem('cards', { bridge, model, tag: '' })} />
      {form.errors.cards && <p className={classes.wrong} role="alert">{form.errors.cards}</p>}
    </>
  )
}
