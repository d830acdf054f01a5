// Types of processors that administrators put together themselves.
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { createElement, useMemo } from 'react'
import { request } from '../../api/call'
import { useApiAt, useMay } from '../../api/hooks'
import { useNodes } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { Fields, problems, type Field } from '../guest/config/fields'
import { CpuFlags, CpuType } from '../guest/hardware/pickers'
import { ManagedTable } from './ManagedTable'
import { useReload } from './reload'

export interface CpuModel {
  cputype: string
  'reported-model'?: string
  flags?: string
  'phys-bits'?: string
  'guest-phys-bits'?: number
  hidden?: number
  'hv-vendor-id'?: string
  level?: number
  digest?: string
}

const PATH = '/cluster/qemu/custom-cpu-models'
/** The name as people give it; the API has it with and without this. */
const plainName = (cputype: string) => cputype.replace(/^custom-/, '')
const KEYS = ['reported-model', 'flags', 'phys-bits', 'guest-phys-bits', 'hidden', 'hv-vendor-id', 'level'] as const

export function CpuModels() {
  const query = useApiAt<CpuModel[]>(PATH, {})
  const reload = useReload()
  const may = useMay('/mapping/cpu')('Mapping.Modify')
  const node = useNodes().find((row) => row.status === 'online')?.node ?? ''
  const columns = useMemo(() => columnsFor(), [])
  const never = !may && i18n._('This needs the privilege Mapping.Modify')
  const edit = (model?: CpuModel) =>
    openDialog(model ? i18n._('CPU model {name}', { name: plainName(model.cputype) }) : i18n._('Add CPU model'), (close) => (
      <ModelForm node={node} model={model} done={() => { void reload('/cluster/qemu', '/nodes'); close() }} />
    ))
  return (
    <ManagedTable
      label={i18n._('Custom CPU Models')}
      query={query}
      columns={columns}
      id={({ cputype }) => cputype}
      sort={[{ id: 'name', desc: false }]}
      empty={i18n._('No models of your own yet')}
      actions={[
        { label: i18n._('Add'), icon: IconPlus, all: () => edit(), never },
        { label: i18n._('Edit'), icon: IconPencil, one: edit, main: true, never },
        {
          label: i18n._('Remove'), icon: IconTrash, danger: true, never,
          one: ({ cputype }) => confirm({
            title: i18n._('Remove CPU model {name}', { name: plainName(cputype) }),
            text: i18n._('VMs that use it cannot start any more.'),
            action: i18n._('Remove'),
            run: async () => {
              await request('delete', `${PATH}/{cputype}`, { cputype })
              await reload('/cluster/qemu', '/nodes')
            },
          }),
        },
      ]}
    />
  )
}

const columnsFor = (): Column<CpuModel>[] => [
  { id: 'name', header: i18n._('Name'), accessorFn: ({ cputype }) => plainName(cputype), width: 180 },
  { id: 'model', header: i18n._('Reported model'), accessorFn: (model) => model['reported-model'] ?? 'kvm64', width: 180 },
  { id: 'flags', header: i18n._('Flags'), accessorFn: ({ flags }) => flags?.replaceAll(';', ' ') ?? '' },
  { id: 'bits', header: i18n._('Address bits'), accessorFn: (model) => model['phys-bits'] ?? '', width: 110 },
  { id: 'hidden', header: i18n._('KVM hidden'), accessorFn: ({ hidden }) => (hidden ? i18n._('Yes') : ''), width: 110 },
]

const fieldsFor = (node: string, isNew: boolean): Field[] => [
  ...(isNew ? [{ key: 'cputype', kind: 'text', label: () => i18n._('Name'), required: true, check: (value) => (/^[a-z][\w-]+$/i.test(value) ? undefined : i18n._('A letter first, then letters, digits, “-” and “_”')) } satisfies Field] : []),
  { key: 'reported-model', kind: 'custom', label: () => i18n._('Reported model'), hint: () => i18n._('What the guest takes it for'), draw: (field) => createElement(CpuType, { ...field, node, plain: true }) },
  { key: 'phys-bits', kind: 'text', label: () => i18n._('Address bits'), placeholder: '40', check: (value) => (value === 'host' || (/^\d+$/.test(value) && Number(value) >= 8 && Number(value) <= 64) ? undefined : i18n._('8 to 64, or “host”')) },
  { key: 'hidden', kind: 'switch', label: () => i18n._('Hide KVM from the guest') },
  { key: 'guest-phys-bits', kind: 'number', label: () => i18n._('Address bits of the guest'), min: 32, max: 64, advanced: true },
  { key: 'level', kind: 'number', label: () => i18n._('Highest CPUID leaf'), min: 0, max: 4_294_967_295, advanced: true },
  { key: 'hv-vendor-id', kind: 'text', label: () => i18n._('Hyper-V vendor'), advanced: true, check: (value) => (/^[a-z\d]{1,12}$/i.test(value) ? undefined : i18n._('At most 12 letters and digits')) },
  { key: 'flags', kind: 'custom', label: () => i18n._('Flags'), tab: () => i18n._('Flags'), draw: (field) => createElement(CpuFlags, { ...field, node }) },
]

function ModelForm({ node, model, done }: { node: string; model?: CpuModel; done: () => void }) {
  const fields = fieldsFor(node, !model)
  return (
    <Form<Record<string, string>>
      initial={{ cputype: model ? plainName(model.cputype) : '', ...Object.fromEntries(KEYS.map((key) => [key, String(model?.[key] ?? (key === 'hidden' ? '0' : key === 'reported-model' ? 'kvm64' : ''))])) }}
      validate={(values) => problems(fields, values)}
      submit={(values) => {
        const set = Object.fromEntries(KEYS.flatMap((key) => (values[key] ? [[key, values[key]]] : [])))
        if (!model) return request('post', PATH, { cputype: values.cputype, ...set })
        const gone = KEYS.filter((key) => !values[key] && model[key] !== undefined)
        return request('put', `${PATH}/{cputype}`, { cputype: model.cputype, ...set, ...(gone.length > 0 && { delete: gone.join(',') }), digest: model.digest })
      }}
      action={model ? i18n._('Save') : i18n._('Add')}
      done={done}
    >
      {(form) => <Fields fields={fields} form={form} />}
    </Form>
  )
}
