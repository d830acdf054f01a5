// A new VM, on one page: what most want is filled in, a name and a medium are enough.
import { Checkbox, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { BridgePick, NodePick, PoolPick, StoragePick, VolumePick } from '../../ui/pick'
import { Section, Wizard, type WizardProps } from './parts'
import { OS_TYPES, VM_DEFAULTS, vmParams, vmProblems, type VmValues } from './vm'

type VmForm = UseFormReturnType<VmValues>

const FIELDS = { scsi0: 'storage', virtio0: 'storage', sata0: 'storage', ide0: 'storage', ide2: 'iso', sata2: 'iso', net0: 'bridge', efidisk0: 'bios' }

export const VmWizard = (props: WizardProps) => (
  <Wizard<VmValues>
    {...props}
    kind="qemu"
    content="images"
    media={['iso', 'import']}
    action={i18n._('Create VM')}
    task={(vmid) => i18n._('Create VM {vmid}', { vmid })}
    initial={(found) => ({ ...VM_DEFAULTS, node: found.node, vmid: found.vmid, storage: found.storage, mediaStorage: found.media, bridge: found.bridge })}
    validate={vmProblems}
    params={vmParams}
    fields={FIELDS}
  >
    {(form) => (
      <>
        <General form={form} />
        <System form={form} />
        <Disk form={form} />
        <Processor form={form} />
        <Network form={form} />
      </>
    )}
  </Wizard>
)

function General({ form }: { form: VmForm }) {
  return (
    <Section title={i18n._('General')}>
      <TextInput label={i18n._('Name')} data-autofocus {...form.getInputProps('name')} />
      <TextInput label={i18n._('VM ID')} inputMode="numeric" required {...form.getInputProps('vmid')} />
      <NodePick label={i18n._('Node')} required {...form.getInputProps('node')} />
      <PoolPick label={i18n._('Pool')} {...form.getInputProps('pool')} />
      <TagsInput label={i18n._('Tags')} {...form.getInputProps('tags')} />
    </Section>
  )
}

function System({ form }: { form: VmForm }) {
  const { node, source, mediaStorage } = form.values
  const { data: machine } = useApi('/nodes/{node}/status', { node }, { enabled: node !== '' })
  return (
    <Section title={i18n._('Operating system')}>
      <Select
        label={i18n._('Install from')}
        allowDeselect={false}
        data={[
          { value: 'iso', label: i18n._('ISO image') },
          { value: 'image', label: i18n._('Disk image (cloud image)') },
          { value: 'none', label: i18n._('Nothing: boot from network') },
        ]}
        {...form.getInputProps('source')}
      />
      {source !== 'none' && <StoragePick label={i18n._('Storage of the medium')} node={node} content={source === 'iso' ? 'iso' : 'import'} {...form.getInputProps('mediaStorage')} />}
      {source === 'iso' && <VolumePick label={i18n._('ISO image')} clearable placeholder={i18n._('none')} node={node} storage={mediaStorage} content="iso" {...form.getInputProps('iso')} />}
      {source === 'image' && <VolumePick label={i18n._('Disk image')} required node={node} storage={mediaStorage} content="import" {...form.getInputProps('image')} />}
      <Select label={i18n._('Guest system')} allowDeselect={false} data={Object.entries(OS_TYPES).map(([value, label]) => ({ value, label }))} {...form.getInputProps('ostype')} />
      <Select label={i18n._('Machine')} allowDeselect={false} data={[{ value: 'pc', label: 'i440fx' }, { value: 'q35', label: 'q35' }]} {...form.getInputProps('machine')} />
      <Select label={i18n._('BIOS')} allowDeselect={false} data={[{ value: 'seabios', label: 'SeaBIOS' }, { value: 'ovmf', label: 'OVMF (UEFI)' }]} {...form.getInputProps('bios')} />
      <Checkbox label={i18n._('QEMU guest agent')} {...form.getInputProps('agent', { type: 'checkbox' })} />
      <Checkbox label={i18n._('Serial port')} {...form.getInputProps('serial', { type: 'checkbox' })} />
      {emulated(machine) && <p className="dim">{i18n._('This node has no KVM: the VM will be emulated, which is slow.')}</p>}
    </Section>
  )
}

/** Whether the node said that it cannot run guests by KVM. */
function emulated(status: unknown): boolean {
  const kvm = (status as { kvm?: { usable?: number | boolean } | null } | undefined)?.kvm
  return kvm !== undefined && kvm !== null && !kvm.usable
}

function Disk({ form }: { form: VmForm }) {
  const { node, source, bus } = form.values
  return (
    <Section title={i18n._('Disk')}>
      <Select label={i18n._('Bus')} allowDeselect={false} data={[{ value: 'scsi', label: 'SCSI (VirtIO)' }, { value: 'virtio', label: 'VirtIO Block' }, { value: 'sata', label: 'SATA' }, { value: 'ide', label: 'IDE' }]} {...form.getInputProps('bus')} />
      <StoragePick label={i18n._('Storage')} required node={node} content="images" {...form.getInputProps('storage')} />
      {source !== 'image' && <NumberInput label={i18n._('Size (GiB)')} required min={0.125} decimalScale={3} {...form.getInputProps('size')} />}
      {source === 'image' && <p className="dim">{i18n._('The disk gets the size of the image; it can be resized later.')}</p>}
      <Checkbox label={i18n._('Discard: give freed space back')} {...form.getInputProps('discard', { type: 'checkbox' })} />
      {bus !== 'virtio' && <Checkbox label={i18n._('Shown as an SSD')} {...form.getInputProps('ssd', { type: 'checkbox' })} />}
    </Section>
  )
}

const MODELS = ['x86-64-v2-AES', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4', 'host', 'max', 'kvm64', 'qemu64']

function Processor({ form }: { form: VmForm }) {
  return (
    <Section title={i18n._('Processors and memory')}>
      <NumberInput label={i18n._('Cores')} required min={1} allowDecimal={false} {...form.getInputProps('cores')} />
      <NumberInput label={i18n._('Sockets')} required min={1} allowDecimal={false} {...form.getInputProps('sockets')} />
      <Select label={i18n._('Processor type')} allowDeselect={false} data={MODELS} {...form.getInputProps('cpu')} />
      <NumberInput label={i18n._('Memory (MiB)')} required min={16} step={512} allowDecimal={false} {...form.getInputProps('memory')} />
      <Checkbox label={i18n._('Ballooning')} {...form.getInputProps('ballooning', { type: 'checkbox' })} />
      {form.values.ballooning && <NumberInput label={i18n._('Least memory (MiB)')} description={i18n._('0: always all of it')} min={0} step={512} allowDecimal={false} {...form.getInputProps('balloon')} />}
    </Section>
  )
}

function Network({ form }: { form: VmForm }) {
  return (
    <Section title={i18n._('Network')}>
      <BridgePick label={i18n._('Bridge')} placeholder={i18n._('no network card')} clearable node={form.values.node} {...form.getInputProps('bridge')} />
      <Select label={i18n._('Model')} allowDeselect={false} data={[{ value: 'virtio', label: 'VirtIO' }, { value: 'e1000', label: 'Intel E1000' }, { value: 'rtl8139', label: 'Realtek RTL8139' }, { value: 'vmxnet3', label: 'VMware vmxnet3' }]} {...form.getInputProps('model')} />
      <NumberInput label={i18n._('VLAN tag')} placeholder={i18n._('none')} min={1} max={4094} allowDecimal={false} {...form.getInputProps('tag')} />
      <TextInput label={i18n._('MAC address')} placeholder={i18n._('made by the node')} {...form.getInputProps('mac')} />
    </Section>
  )
}
