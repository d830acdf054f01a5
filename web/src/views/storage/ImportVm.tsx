// A VM from an appliance: what it says of itself, and what shall be made of it.
import { Alert, Checkbox, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { request } from '../../api/call'
import { useApi, useApiAt } from '../../api/hooks'
import { i18n } from '../../i18n'
import { bytes } from '../../lib/format'
import { followInCorner, isUpid } from '../../shell/tasks'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { Facts, Loaded } from '../../ui/parts'
import { BridgePick, StoragePick, useStorages } from '../../ui/pick'
import { fileName } from './files'
import { cardsOf, disksOf, importParams, warningText, type ImportValues, type Metadata } from './metadata'
import classes from './storage.module.css'

/** Whether a volume holds a whole VM. */
export const isAppliance = (volid: string) => /\.(ova|ovf)$/i.test(volid)

export const openImport = (node: string, storage: string, volid: string) =>
  openDialog(i18n._('Import {name}', { name: fileName(volid) }), (close) => <Import node={node} storage={storage} volid={volid} close={close} />, 'lg')

function Import({ node, storage, volid, close }: { node: string; storage: string; volid: string; close: () => void }) {
  const query = useApiAt<Metadata>('/nodes/{node}/storage/{storage}/import-metadata', { node, storage, volume: volid }, { staleTime: 0 })
  const free = useApi('/cluster/nextid', {}, { staleTime: 0 })
  return (
    <Loaded query={query} lines={10}>
      {(metadata) => <Loaded query={free}>{(vmid) => <ImportForm node={node} metadata={metadata} vmid={String(vmid)} close={close} />}</Loaded>}
    </Loaded>
  )
}

function ImportForm({ node, metadata, vmid, close }: { node: string; metadata: Metadata; vmid: string; close: () => void }) {
  const args = metadata['create-args']
  const disks = disksOf(metadata)
  const cards = cardsOf(metadata)
  const target = useStorages(node, 'images').toSorted((a, b) => (b.maxdisk ?? 0) - (b.disk ?? 0) - ((a.maxdisk ?? 0) - (a.disk ?? 0)))[0]?.storage ?? ''
  return (
    <Form<ImportValues>
      initial={{ vmid, name: String(args.name ?? ''), storage: target, bridge: '', start: false, disks: disks.map(({ key }) => key) }}
      validate={(v) => ({
        ...(!/^\d{3,9}$/.test(v.vmid) && { vmid: i18n._('A number from 100 to 999999999') }),
        ...(!v.storage && { storage: i18n._('Choose a storage') }),
      })}
      submit={async (values) => {
        const answer = await request('post', '/nodes/{node}/qemu', importParams(metadata, node, values))
        if (isUpid(answer)) followInCorner(i18n._('Create VM {vmid}', { vmid: values.vmid }), answer)
      }}
      fieldOf={(parameter) => (/^(scsi|sata|ide|virtio|efidisk)\d+$/.test(parameter) ? 'storage' : parameter.startsWith('net') ? 'bridge' : parameter)}
      done={close}
      action={i18n._('Import')}
    >
      {(form) => (
        <>
          {(metadata.warnings ?? []).map((warning) => <Alert key={warningText(warning)} color="yellow" icon={<IconAlertTriangle size={16} />}>{warningText(warning)}</Alert>)}
          <Facts rows={Object.entries(args).filter(([key]) => key !== 'name').map(([key, value]) => [key, String(value)])} />
          <div className={classes.two}>
            <TextInput label={i18n._('VM ID')} inputMode="numeric" required {...form.getInputProps('vmid')} />
            <TextInput label={i18n._('Name')} {...form.getInputProps('name')} />
            <StoragePick label={i18n._('Target storage')} required node={node} content="images" {...form.getInputProps('storage')} />
            {cards.length > 0 && <BridgePick label={i18n._('Bridge')} placeholder={i18n._('no network card')} clearable node={node} {...form.getInputProps('bridge')} />}
          </div>
          <Checkbox.Group label={i18n._('Disks')} {...form.getInputProps('disks')}>
            <Stack gap={6} mt={6}>
              {disks.map(({ key, volid, size }) => <Checkbox key={key} value={key} label={`${key}: ${fileName(volid)}${size ? ` (${bytes(size)})` : ''}`} />)}
            </Stack>
          </Checkbox.Group>
          <Checkbox label={i18n._('Start after it is created')} {...form.getInputProps('start', { type: 'checkbox' })} />
        </>
      )}
    </Form>
  )
}
