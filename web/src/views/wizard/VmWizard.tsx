// A new VM, on one page: what most want is filled in, a name and a medium are enough.
import { Checkbox, NumberInput, PasswordInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { useApi } from '../../api/hooks'
import { settable } from '../../api/offers'
import { i18n } from '../../i18n'
import { BridgePick, NodePick, PoolPick, StoragePick, VolumePick } from '../../ui/pick'
import { BUSES, MODELS as CARDS, MoreCards, MoreDisks } from './MoreDevices'
import { Section, Wizard, type WizardProps } from './parts'
import { forSystem, isWindows, OS_TYPES, VM_DEFAULTS, vmParams, vmProblems, type VmValues } from './vm'

type VmForm = UseFormReturnType<VmValues>

const FIELDS = { tpmstate0: 'tpm', sshkeys: 'cikeys', ipconfig0: 'address4', vga: 'display', scsi0: 'storage', virtio0: 'storage', sata0: 'storage', ide0: 'storage', ide2: 'iso', sata2: 'iso', net0: 'bridge', efidisk0: 'bios' }

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
    {(form) => <Pages form={form} />}
  </Wizard>
)

interface Page {
  form: VmForm
  /** Whether more is asked for than what most want. */
  more: boolean
}

function Pages({ form }: { form: VmForm }) {
  const [more, setMore] = useState(false)
  const pages = { form, more }
  return (
    <>
      <General form={form} />
      <System {...pages} />
      <Disk {...pages} />
      <Processor {...pages} />
      <Network {...pages} />
      {settable('ciuser') && <CloudInit form={form} />}
      <Checkbox label={i18n._('Advanced')} checked={more} onChange={(event) => setMore(event.currentTarget.checked)} />
    </>
  )
}

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

function System({ form, more }: Page) {
  const { node, source, mediaStorage, ostype } = form.values
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
      <Select label={i18n._('Guest system')} allowDeselect={false} data={Object.entries(OS_TYPES).map(([value, label]) => ({ value, label }))} {...form.getInputProps('ostype')} onChange={(next) => next && form.setValues(forSystem(next))} />
      {source === 'iso' && isWindows(ostype) && <VolumePick label={i18n._('ISO image with VirtIO drivers')} clearable placeholder={i18n._('none')} node={node} storage={mediaStorage} content="iso" {...form.getInputProps('drivers')} />}
      <Select label={i18n._('Machine')} allowDeselect={false} data={[{ value: 'pc', label: 'i440fx' }, { value: 'q35', label: 'q35' }]} {...form.getInputProps('machine')} />
      <Select label={i18n._('BIOS')} allowDeselect={false} data={[{ value: 'seabios', label: 'SeaBIOS' }, { value: 'ovmf', label: 'OVMF (UEFI)' }]} {...form.getInputProps('bios')} />
      {settable('tpmstate0') && <Checkbox label={i18n._('TPM')} {...form.getInputProps('tpm', { type: 'checkbox' })} />}
      <Checkbox label={i18n._('QEMU guest agent')} {...form.getInputProps('agent', { type: 'checkbox' })} />
      <Checkbox label={i18n._('Serial port')} {...form.getInputProps('serial', { type: 'checkbox' })} />
      {more && <Select label={i18n._('Display')} allowDeselect={false} data={[{ value: 'default', label: i18n._('Default') }, { value: 'std', label: i18n._('Standard VGA') }, { value: 'virtio', label: 'VirtIO-GPU' }, { value: 'qxl', label: 'SPICE (QXL)' }, { value: 'serial0', label: i18n._('Serial terminal {port}', { port: 0 }) }]} {...form.getInputProps('display')} />}
      {more && <Select label={i18n._('SCSI Controller')} allowDeselect={false} data={[{ value: 'virtio-scsi-single', label: 'VirtIO SCSI single' }, { value: 'virtio-scsi-pci', label: 'VirtIO SCSI' }, { value: 'lsi', label: 'LSI 53C895A' }, { value: 'megasas', label: 'MegaRAID SAS 8708EM2' }, { value: 'pvscsi', label: 'VMware PVSCSI' }]} {...form.getInputProps('scsihw')} />}
      {emulated(machine) && <p className="dim">{i18n._('This node has no KVM: the VM will be emulated, which is slow.')}</p>}
    </Section>
  )
}

/** Whether the node said that it cannot run guests by KVM. */
function emulated(status: unknown): boolean {
  const kvm = (status as { kvm?: { usable?: number | boolean } | null } | undefined)?.kvm
  return kvm !== undefined && kvm !== null && !kvm.usable
}

function Disk({ form, more }: Page) {
  const { node, source, bus } = form.values
  return (
    <Section title={i18n._('Disk')}>
      <Select label={i18n._('Bus')} allowDeselect={false} data={BUSES} {...form.getInputProps('bus')} />
      <StoragePick label={i18n._('Storage')} required node={node} content="images" {...form.getInputProps('storage')} />
      {source !== 'image' && <NumberInput label={i18n._('Size (GiB)')} required min={0.125} decimalScale={3} {...form.getInputProps('size')} />}
      {source === 'image' && <p className="dim">{i18n._('The disk gets the size of the image; it can be resized later.')}</p>}
      <Checkbox label={i18n._('Discard: give freed space back')} {...form.getInputProps('discard', { type: 'checkbox' })} />
      {bus !== 'virtio' && <Checkbox label={i18n._('Shown as an SSD')} {...form.getInputProps('ssd', { type: 'checkbox' })} />}
      {more && <Select label={i18n._('Cache')} allowDeselect={false} data={[{ value: 'none', label: i18n._('Default (no cache)') }, { value: 'writeback', label: 'Write back' }, { value: 'writethrough', label: 'Write through' }, { value: 'directsync', label: 'Direct sync' }, { value: 'unsafe', label: i18n._('Write back (unsafe)') }]} {...form.getInputProps('cache')} />}
      <MoreDisks form={form} />
    </Section>
  )
}

const MODELS = ['x86-64-v2-AES', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4', 'host', 'max', 'kvm64', 'qemu64']

function Processor({ form, more }: Page) {
  const { data } = useApi('/nodes/{node}/capabilities/qemu/cpu', { node: form.values.node }, { enabled: form.values.node !== '' && more })
  const types = more && data ? [...new Set([...MODELS, ...data.map(({ name }) => name)])] : MODELS
  return (
    <Section title={i18n._('Processors and memory')}>
      <NumberInput label={i18n._('Cores')} required min={1} allowDecimal={false} {...form.getInputProps('cores')} />
      <NumberInput label={i18n._('Sockets')} required min={1} allowDecimal={false} {...form.getInputProps('sockets')} />
      <Select label={i18n._('Processor type')} allowDeselect={false} searchable={more} limit={300} data={types} {...form.getInputProps('cpu')} />
      <NumberInput label={i18n._('Memory (MiB)')} required min={16} step={512} allowDecimal={false} {...form.getInputProps('memory')} />
      <Checkbox label={i18n._('Ballooning')} {...form.getInputProps('ballooning', { type: 'checkbox' })} />
      {form.values.ballooning && <NumberInput label={i18n._('Least memory (MiB)')} description={i18n._('0: always all of it')} min={0} step={512} allowDecimal={false} {...form.getInputProps('balloon')} />}
      {more && settable('cpulimit') && <NumberInput label={i18n._('Limit of processors')} placeholder={i18n._('unlimited')} min={0} max={128} step={0.5} {...form.getInputProps('cpulimit')} />}
      {more && settable('cpuunits') && <NumberInput label={i18n._('Weight of processors')} placeholder="100" min={1} max={262_144} allowDecimal={false} {...form.getInputProps('cpuunits')} />}
      {more && <Checkbox label={i18n._('NUMA')} {...form.getInputProps('numa', { type: 'checkbox' })} />}
    </Section>
  )
}

function Network({ form, more }: Page) {
  return (
    <Section title={i18n._('Network')}>
      <BridgePick label={i18n._('Bridge')} placeholder={i18n._('no network card')} clearable node={form.values.node} {...form.getInputProps('bridge')} />
      <Select label={i18n._('Model')} allowDeselect={false} data={CARDS} {...form.getInputProps('model')} />
      <NumberInput label={i18n._('VLAN tag')} placeholder={i18n._('none')} min={1} max={4094} allowDecimal={false} {...form.getInputProps('tag')} />
      <TextInput label={i18n._('MAC address')} placeholder={i18n._('made by the node')} {...form.getInputProps('mac')} />
      {more && <Checkbox label={i18n._('Firewall')} {...form.getInputProps('firewall', { type: 'checkbox' })} />}
      {more && form.values.model === 'virtio' && <NumberInput label={i18n._('Multiqueue')} placeholder="1" min={1} max={64} allowDecimal={false} {...form.getInputProps('queues')} />}
      {form.values.bridge && <MoreCards form={form} />}
    </Section>
  )
}

function CloudInit({ form }: { form: VmForm }) {
  const { cloudInit, ip4 } = form.values
  return (
    <Section title={i18n._('Cloud-Init')}>
      <Checkbox label={i18n._('CloudInit drive')} description={i18n._('Tells a cloud image its user, keys and address')} {...form.getInputProps('cloudInit', { type: 'checkbox' })} />
      {cloudInit && (
        <>
          <TextInput label={i18n._('User')} placeholder={i18n._("the image's own")} autoComplete="off" {...form.getInputProps('ciuser')} />
          <PasswordInput label={i18n._('Password')} autoComplete="new-password" {...form.getInputProps('cipassword')} />
          <Textarea label={i18n._('SSH public keys')} autosize maxRows={4} spellCheck={false} {...form.getInputProps('cikeys')} />
          <Select label="IPv4" allowDeselect={false} data={[{ value: 'dhcp', label: 'DHCP' }, { value: 'static', label: i18n._('Static') }, { value: 'none', label: i18n._('None') }]} {...form.getInputProps('ip4')} />
          {ip4 === 'static' && <TextInput label={i18n._('IPv4 address')} placeholder="192.0.2.10/24" required {...form.getInputProps('address4')} />}
          {ip4 === 'static' && <TextInput label={i18n._('IPv4 gateway')} {...form.getInputProps('gateway4')} />}
        </>
      )}
    </Section>
  )
}
