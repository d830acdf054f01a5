// A new container, on one page: a template and a password are enough.
import { Checkbox, NumberInput, PasswordInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { i18n } from '../../i18n'
import { BridgePick, NodePick, PoolPick, StoragePick, VolumePick } from '../../ui/pick'
import { CT_DEFAULTS, ctParams, ctProblems, type CtValues } from './ct'
import { Section, Wizard, type WizardProps } from './parts'

type CtForm = UseFormReturnType<CtValues>

const FIELDS = { ostemplate: 'template', rootfs: 'storage', net0: 'bridge', 'ssh-public-keys': 'keys' }

export const ContainerWizard = (props: WizardProps) => (
  <Wizard<CtValues>
    {...props}
    kind="lxc"
    content="rootdir"
    media={['vztmpl']}
    action={i18n._('Create container')}
    task={(vmid) => i18n._('Create container {vmid}', { vmid })}
    initial={(found) => ({ ...CT_DEFAULTS, node: found.node, vmid: found.vmid, storage: found.storage, templateStorage: found.media, bridge: found.bridge })}
    validate={ctProblems}
    params={ctParams}
    fields={FIELDS}
  >
    {(form) => (
      <>
        <General form={form} />
        <Template form={form} />
        <Resources form={form} />
        <Network form={form} />
      </>
    )}
  </Wizard>
)

function General({ form }: { form: CtForm }) {
  return (
    <Section title={i18n._('General')}>
      <TextInput label={i18n._('Hostname')} data-autofocus {...form.getInputProps('hostname')} />
      <TextInput label={i18n._('CT ID')} inputMode="numeric" required {...form.getInputProps('vmid')} />
      <NodePick label={i18n._('Node')} required {...form.getInputProps('node')} />
      <PoolPick label={i18n._('Pool')} {...form.getInputProps('pool')} />
      <TagsInput label={i18n._('Tags')} {...form.getInputProps('tags')} />
      <PasswordInput label={i18n._('Password of root')} autoComplete="new-password" {...form.getInputProps('password')} />
      <PasswordInput label={i18n._('Password again')} autoComplete="new-password" {...form.getInputProps('repeat')} />
      <Textarea label={i18n._('SSH public keys')} autosize maxRows={4} {...form.getInputProps('keys')} />
      <Checkbox label={i18n._('Unprivileged')} description={i18n._('Root in it is nobody on the node')} {...form.getInputProps('unprivileged', { type: 'checkbox' })} />
      <Checkbox label={i18n._('Nesting')} description={i18n._('Newer systems need it')} {...form.getInputProps('nesting', { type: 'checkbox' })} />
    </Section>
  )
}

function Template({ form }: { form: CtForm }) {
  const { node, templateStorage } = form.values
  return (
    <Section title={i18n._('Template')}>
      <StoragePick label={i18n._('Storage of the template')} node={node} content="vztmpl" {...form.getInputProps('templateStorage')} />
      <VolumePick label={i18n._('Template')} required node={node} storage={templateStorage} content="vztmpl" {...form.getInputProps('template')} />
    </Section>
  )
}

function Resources({ form }: { form: CtForm }) {
  return (
    <Section title={i18n._('Resources')}>
      <StoragePick label={i18n._('Storage')} required node={form.values.node} content="rootdir" {...form.getInputProps('storage')} />
      <NumberInput label={i18n._('Disk size (GiB)')} required min={0.125} decimalScale={3} {...form.getInputProps('size')} />
      <NumberInput label={i18n._('Cores')} placeholder={i18n._('all')} min={1} allowDecimal={false} {...form.getInputProps('cores')} />
      <NumberInput label={i18n._('Memory (MiB)')} required min={16} step={128} allowDecimal={false} {...form.getInputProps('memory')} />
      <NumberInput label={i18n._('Swap (MiB)')} min={0} step={128} allowDecimal={false} {...form.getInputProps('swap')} />
    </Section>
  )
}

function Network({ form }: { form: CtForm }) {
  const { ip4, ip6, node, bridge } = form.values
  return (
    <Section title={i18n._('Network')}>
      <BridgePick label={i18n._('Bridge')} placeholder={i18n._('no network card')} clearable node={node} {...form.getInputProps('bridge')} />
      {bridge && (
        <>
          <NumberInput label={i18n._('VLAN tag')} placeholder={i18n._('none')} min={1} max={4094} allowDecimal={false} {...form.getInputProps('tag')} />
          <Select label="IPv4" allowDeselect={false} data={[{ value: 'dhcp', label: 'DHCP' }, { value: 'static', label: i18n._('Static') }, { value: 'none', label: i18n._('None') }]} {...form.getInputProps('ip4')} />
          {ip4 === 'static' && <TextInput label={i18n._('IPv4 address')} placeholder="192.0.2.10/24" required {...form.getInputProps('address4')} />}
          {ip4 === 'static' && <TextInput label={i18n._('IPv4 gateway')} {...form.getInputProps('gateway4')} />}
          <Select label="IPv6" allowDeselect={false} data={[{ value: 'none', label: i18n._('None') }, { value: 'dhcp', label: 'DHCP' }, { value: 'auto', label: 'SLAAC' }, { value: 'static', label: i18n._('Static') }]} {...form.getInputProps('ip6')} />
          {ip6 === 'static' && <TextInput label={i18n._('IPv6 address')} placeholder="2001:db8::10/64" required {...form.getInputProps('address6')} />}
          {ip6 === 'static' && <TextInput label={i18n._('IPv6 gateway')} {...form.getInputProps('gateway6')} />}
        </>
      )}
      <TextInput label={i18n._('DNS domain')} placeholder={i18n._("the node's")} {...form.getInputProps('searchdomain')} />
      <TextInput label={i18n._('DNS servers')} placeholder={i18n._("the node's")} {...form.getInputProps('nameserver')} />
    </Section>
  )
}
