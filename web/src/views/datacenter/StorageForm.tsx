import { Accordion, Checkbox, MultiSelect, PasswordInput, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { call } from '../../api/call'
import { i18n } from '../../i18n'
import { Form } from '../../ui/Form'
import classes from './datacenter.module.css'
import { NodesSelect } from './fields'
import { canLookUp } from './scan'
import { ScanField } from './ScanField'
import { changes, CONTENTS, created, KEEPS, ofType, valuesOf, wrongStorage, type Config, type Keep, type StorageValues, type Wrong } from './storageForm'
import { hasSetting, KINDS, ownOf, TYPES, type Own } from './storageTypes'

/** What a kind of content is called. */
export function contentName(content: string): string {
  switch (content) {
    case 'images': return i18n._('VM disks')
    case 'rootdir': return i18n._('Container volumes')
    case 'iso': return i18n._('ISO images')
    case 'vztmpl': return i18n._('Container templates')
    case 'backup': return i18n._('Backups')
    case 'snippets': return i18n._('Snippets')
    case 'import': return i18n._('Disks to import')
    case 'none': return i18n._('nothing')
    default: return content
  }
}

/** What a rule of retention is called. */
export function keepName(rule: Keep): string {
  switch (rule) {
    case 'keep-last': return i18n._('Keep last')
    case 'keep-hourly': return i18n._('Keep hourly')
    case 'keep-daily': return i18n._('Keep daily')
    case 'keep-weekly': return i18n._('Keep weekly')
    case 'keep-monthly': return i18n._('Keep monthly')
    case 'keep-yearly': return i18n._('Keep yearly')
  }
}

function explainWrong(wrong: Wrong): string {
  switch (wrong) {
    case 'name': return i18n._('At least two characters: a letter, then letters, digits, dashes, dots and underscores; a letter or digit at the end')
    case 'empty': return i18n._('Give the directory')
    case 'path': return i18n._('An absolute directory other than /, without .. and commas')
    case 'mountpoint': return i18n._('Yes, no, or an absolute path')
    case 'needed': return i18n._('A value is needed')
    case 'none': return i18n._('These rules would keep nothing')
    case 'number': return i18n._('A whole number')
  }
}

/** What a type of storage is called. */
export function typeName(type: string): string {
  switch (type) {
    case 'dir': return i18n._('Directory')
    case 'btrfs': return 'BTRFS'
    case 'lvm': return 'LVM'
    case 'lvmthin': return i18n._('LVM, thin')
    case 'nfs': return 'NFS'
    case 'cifs': return 'SMB/CIFS'
    default: return type
  }
}

/** What a setting of one type is called, and what is to be said about it. */
function ownText(name: string): { label: string; description?: string } {
  switch (name) {
    case 'nocow': return { label: i18n._('Without copy-on-write'), description: i18n._('Faster for disks of VMs, without checksums') }
    case 'vgname': return { label: i18n._('Volume group') }
    case 'thinpool': return { label: i18n._('Thin pool') }
    case 'saferemove': return { label: i18n._('Wipe removed volumes') }
    case 'tagged_only': return { label: i18n._('Only volumes that are tagged as those of guests') }
    case 'server': return { label: i18n._('Server') }
    case 'export': return { label: i18n._('Export') }
    case 'share': return { label: i18n._('Share') }
    case 'username': return { label: i18n._('User name') }
    case 'password': return { label: i18n._('Password'), description: i18n._('Leave it empty to keep the one that is set') }
    case 'domain': return { label: i18n._('Domain') }
    case 'subdir': return { label: i18n._('Directory in the share') }
    case 'smbversion': return { label: i18n._('Version of SMB') }
    case 'options': return { label: i18n._('Mount options') }
    default: return { label: name }
  }
}

/** A setting that only one type has. */
function OwnField({ own, form, isNew }: Part & { own: Own; isNew: boolean }) {
  const name = `own.${own.name}`
  const text = ownText(own.name)
  if (own.kind === 'switch') return <Checkbox {...text} checked={form.values.own[own.name] === '1'} onChange={(event) => form.setFieldValue(name, event.currentTarget.checked ? '1' : '')} />
  const common = { ...text, spellCheck: false, placeholder: own.placeholder, required: own.required, ...form.getInputProps(name), value: form.values.own[own.name] ?? '' }
  if (own.kind === 'password') return <PasswordInput {...common} description={isNew ? undefined : text.description} autoComplete="new-password" />
  if (isNew && canLookUp(form.values.type, own.name)) return <ScanField {...common} type={form.values.type} setting={own.name} own={form.values.own} nodes={form.values.nodes} autoComplete="off" />
  return <TextInput {...common} readOnly={Boolean(own.fixed) && !isNew} description={own.fixed && !isNew ? i18n._('It cannot change') : text.description} autoComplete="off" />
}

/** Adds a storage, or changes one. */
export function StorageForm({ config, done }: { config?: Config; done: () => void }) {
  const initial = valuesOf(config)
  return (
    <Form<StorageValues>
      initial={initial}
      validate={(values) =>
        Object.fromEntries(Object.entries(wrongStorage(values, config === undefined)).map(([field, wrong]) => [field, explainWrong(wrong)]))}
      fieldOf={(name) => (name === 'is_mountpoint' ? 'mountpoint' : name === 'disable' ? 'enabled' : ownOf(initial.type).some((own) => own.name === name) ? `own.${name}` : name)}
      submit={(values) => {
        if (config === undefined) return call('post', '/storage', created(values) as never)
        const changed = changes(initial, values)
        if (Object.keys(changed).length === 0) return Promise.resolve()
        return call('put', '/storage/{storage}', { ...changed, storage: initial.storage, digest: String(config.digest ?? '') || undefined } as never)
      }}
      action={config === undefined ? i18n._('Add') : i18n._('Save')}
      done={done}
    >
      {(form) => (
        <>
          {config === undefined && <TextInput label={i18n._('Name')} data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('storage')} />}
          {config === undefined && <Select label={i18n._('Type')} allowDeselect={false} data={TYPES.map((type) => ({ value: type, label: typeName(type) }))} {...form.getInputProps('type')} onChange={(type) => form.setValues(ofType(form.values, type ?? 'dir'))} />}
          {ownOf(form.values.type).map((own) => <OwnField key={own.name} own={own} form={form} isNew={config === undefined} />)}
          {hasSetting(form.values.type, 'path') && <TextInput
            label={i18n._('Directory')}
            description={config === undefined ? i18n._('It is made if it is not there yet') : i18n._('It cannot change')}
            placeholder="/srv/storage"
            readOnly={config !== undefined}
            spellCheck={false}
            {...form.getInputProps('path')}
          />}
          <MultiSelect
            label={i18n._('Content')}
            placeholder={form.values.content.length === 0 ? i18n._('nothing') : undefined}
            clearable
            data={(KINDS[form.values.type]?.contents ?? CONTENTS).map((content) => ({ value: content, label: contentName(content) }))}
            {...form.getInputProps('content')}
          />
          <NodesSelect {...form.getInputProps('nodes')} />
          <Checkbox label={i18n._('Enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
          {hasSetting(form.values.type, 'shared') && <Checkbox label={i18n._('Shared')} description={i18n._('All nodes see the same files there; this does not make that so')} {...form.getInputProps('shared', { type: 'checkbox' })} />}
          {hasSetting(form.values.type, 'retention') && (
            <Accordion variant="contained" chevronPosition="left">
              <Retention form={form} />
              <Advanced form={form} />
            </Accordion>
          )}
        </>
      )}
    </Form>
  )
}

type Part = { form: UseFormReturnType<StorageValues> }

function Retention({ form }: Part) {
  const all = form.values['keep-all']
  return (
    <Accordion.Item value="retention">
      <Accordion.Control>{i18n._('Backup retention')}</Accordion.Control>
      <Accordion.Panel>
        <Checkbox mb="sm" label={i18n._('Keep all backups')} {...form.getInputProps('keep-all', { type: 'checkbox' })} />
        <div className={classes.pairs}>
          {KEEPS.map((rule) => (
            <TextInput key={rule} label={keepName(rule)} inputMode="numeric" disabled={all} {...form.getInputProps(`keep.${rule}`)} />
          ))}
        </div>
        <TextInput
          mt="sm"
          label={i18n._('Most protected backups of a guest')}
          description={i18n._('-1: any number; empty: what the user’s privileges allow')}
          {...form.getInputProps('max-protected-backups')}
        />
      </Accordion.Panel>
    </Accordion.Item>
  )
}

function Advanced({ form }: Part) {
  return (
    <Accordion.Item value="advanced">
      <Accordion.Control>{i18n._('Advanced')}</Accordion.Control>
      <Accordion.Panel>
        <div className={classes.stack}>
          <Select label={i18n._('Format of new disks')} placeholder="raw" clearable data={[...(KINDS[form.values.type]?.formats ?? [])]} {...form.getInputProps('format')} />
          <Select
            label={i18n._('Preallocation')}
            placeholder="metadata"
            clearable
            data={[
              { value: 'off', label: i18n._('off: nothing') },
              { value: 'metadata', label: i18n._('metadata: the tables of qcow2') },
              { value: 'falloc', label: i18n._('falloc: all blocks, unwritten') },
              { value: 'full', label: i18n._('full: all blocks, written with zeros') },
            ]}
            {...form.getInputProps('preallocation')}
          />
          {hasSetting(form.values.type, 'mountpoint') && <TextInput
            label={i18n._('Only when mounted')}
            description={i18n._('yes: only while something is mounted at the directory, or the path of the mount; no: always')}
            spellCheck={false}
            {...form.getInputProps('mountpoint')}
          />}
          <Checkbox label={i18n._('Make the directory if it is missing')} {...form.getInputProps('create-base-path', { type: 'checkbox' })} />
          <Checkbox label={i18n._('Make the directories of the content types')} {...form.getInputProps('create-subdirs', { type: 'checkbox' })} />
        </div>
      </Accordion.Panel>
    </Accordion.Item>
  )
}
