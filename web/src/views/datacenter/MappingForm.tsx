// What a mapping stands for on each node.
import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { request } from '../../api/call'
import { useNodes } from '../../api/resources'
import { i18n } from '../../i18n'
import { Form } from '../../ui/Form'
import { pciName, usbIds, usbName, usbPort, usePciDevices, useUsbDevices, type Mapping, type MappingKind } from '../guest/hardware/mappings'
import { dirEntry, KIND_PATH, pciEntry, readEntry, usbEntry } from './mapping'
import classes from './mappings.module.css'

interface Values extends Record<string, unknown> {
  id: string
  description: string
  map: string[]
  mdev: boolean
  live: boolean
}
type MappingFormType = UseFormReturnType<Values>

export function MappingForm({ kind, mapping, done }: { kind: MappingKind; mapping?: Mapping; done: () => void }) {
  return (
    <Form<Values>
      initial={{ id: mapping?.id ?? '', description: mapping?.description ?? '', map: mapping?.map ?? [], mdev: Boolean(mapping?.mdev), live: Boolean(mapping?.['live-migration-capable']) }}
      validate={({ id, map }) => ({
        ...(!/^[a-z][\w-]+$/i.test(id) && { id: i18n._('A letter first, then letters, digits, “-” and “_”') }),
        ...(map.length === 0 && { map: i18n._('Add a device or a path of at least one node') }),
      })}
      submit={({ id, description, map, mdev, live }) => {
        const pci = kind === 'pci' ? { mdev: mdev ? 1 : 0, 'live-migration-capable': live ? 1 : 0 } : {}
        if (!mapping) return request('post', KIND_PATH[kind], { id, description: description || undefined, map, ...pci })
        return request('put', `${KIND_PATH[kind]}/{id}`, { id, map, ...pci, ...(description ? { description } : mapping.description ? { delete: 'description' } : {}), digest: mapping.digest })
      }}
      fieldOf={(parameter) => (parameter === 'live-migration-capable' ? 'live' : parameter.startsWith('map') ? 'map' : parameter)}
      action={mapping ? i18n._('Save') : i18n._('Add')}
      done={done}
    >
      {(form) => (
        <>
          {!mapping && <TextInput label={i18n._('Name')} required data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('id')} />}
          <TextInput label={i18n._('Comment')} {...form.getInputProps('description')} />
          {kind === 'pci' && <Checkbox label={i18n._('Use with mediated devices')} {...form.getInputProps('mdev', { type: 'checkbox' })} />}
          {kind === 'pci' && <Checkbox label={i18n._('Live migration is possible')} description={i18n._('Driver and device must support it')} {...form.getInputProps('live', { type: 'checkbox' })} />}
          <Entries form={form} />
          <AddEntry form={form} kind={kind} />
        </>
      )}
    </Form>
  )
}

function Entries({ form }: { form: MappingFormType }) {
  const { map } = form.values
  return (
    <div>
      {map.length > 0 && (
        <ul className={classes.entries} aria-label={i18n._('Entries')}>
          {map.map((entry) => {
            const { node, what } = readEntry(entry)
            return (
              <li key={entry}>
                <span>{node}</span>
                <span className="mono">{what}</span>
                <ActionIcon color="gray" aria-label={i18n._('Remove {what} of {node}', { what, node })} onClick={() => form.setFieldValue('map', map.filter((one) => one !== entry))}><IconX size={15} /></ActionIcon>
              </li>
            )
          })}
        </ul>
      )}
      {form.errors.map && <p className={classes.bad} role="alert">{form.errors.map}</p>}
    </div>
  )
}

function AddEntry({ form, kind }: { form: MappingFormType; kind: MappingKind }) {
  const nodes = useNodes()
  const [node, setNode] = useState(nodes[0]?.node ?? '')
  const add = (entry: string) => {
    if (!form.values.map.includes(entry)) form.setFieldValue('map', [...form.values.map, entry])
    form.clearFieldError('map')
  }
  const Choice = { pci: AddPci, usb: AddUsb, dir: AddDir }[kind]
  return (
    <fieldset className={classes.add}>
      <legend>{i18n._('Add an entry')}</legend>
      <Select label={i18n._('Node')} data={nodes.map((row) => row.node ?? '')} value={node} onChange={(next) => setNode(next ?? '')} allowDeselect={false} />
      <Choice key={node} node={node} add={add} />
    </fieldset>
  )
}

interface Adds {
  node: string
  add: (entry: string) => void
}

const AddButton = ({ run, disabled }: { run: () => void; disabled: boolean }) => (
  <Button variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={run} disabled={disabled}>{i18n._('Add entry')}</Button>
)

function AddPci({ node, add }: Adds) {
  const { data, error } = usePciDevices(node)
  const [chosen, setChosen] = useState<string | null>(null)
  const device = data?.find(({ id }) => id === chosen)
  return (
    <>
      <Select className={classes.wide} label={i18n._('Device')} data={(data ?? []).map((one) => ({ value: one.id, label: `${one.id} ${pciName(one)}` }))} value={chosen} onChange={setChosen} searchable limit={300} nothingFoundMessage="–" error={error?.message} placeholder={data?.length === 0 ? i18n._('The node has none') : undefined} />
      <AddButton run={() => device && add(pciEntry(node, device))} disabled={!device} />
    </>
  )
}

function AddUsb({ node, add }: Adds) {
  const { data, error } = useUsbDevices(node)
  const [chosen, setChosen] = useState<string | null>(null)
  const [atPort, setAtPort] = useState(false)
  const device = data?.find((one) => `${one.busnum}/${one.devnum}` === chosen)
  return (
    <>
      <Select className={classes.wide} label={i18n._('Device')} data={(data ?? []).map((one) => ({ value: `${one.busnum}/${one.devnum}`, label: `${usbName(one)} (${usbIds(one)}${one.usbpath ? `, ${usbPort(one)}` : ''})` }))} value={chosen} onChange={setChosen} searchable nothingFoundMessage="–" error={error?.message} placeholder={data?.length === 0 ? i18n._('The node has none') : undefined} />
      <Checkbox label={i18n._('Only at this port')} checked={atPort} onChange={(event) => setAtPort(event.currentTarget.checked)} />
      <AddButton run={() => device && add(usbEntry(node, device, atPort))} disabled={!device} />
    </>
  )
}

function AddDir({ node, add }: Adds) {
  const [path, setPath] = useState('')
  return (
    <>
      <TextInput label={i18n._('Path on the node')} placeholder="/srv/share" value={path} onChange={(event) => setPath(event.currentTarget.value)} spellCheck={false} />
      <AddButton run={() => { add(dirEntry(node, path.trim())); setPath('') }} disabled={!/^\/[^,]+$/.test(path.trim())} />
    </>
  )
}
