// A copy of a guest: whole, or standing on a template's disks.
import type { UseFormReturnType } from '@mantine/form'
import { useEffect } from 'react'
import { request } from '../../api/call'
import { useApi, useApiAt } from '../../api/hooks'
import { useResources, type Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { followInCorner, isUpid } from '../../shell/tasks'
import { Form } from '../../ui/Form'
import { Fields, problems, type Field } from './config/fields'
import { useFeature } from './config/useFeature'
import { guestPath } from './config/useSettings'
import { useStorages } from './hardware/storages'
import { CURRENT, type Snapshot } from './snapshots/tree'

type Values = Record<string, string>

const SAME = ''

interface Choices {
  storages: ReturnType<typeof useStorages>
  pools: readonly string[]
  formats: readonly string[]
  snapshots: readonly string[]
  /** Whether a copy may stand on the original's disks. */
  linkable: boolean
}

function cloneFields(guest: Guest, { storages, pools, formats, snapshots, linkable }: Choices): Field[] {
  const vm = guest.type === 'qemu'
  const whole = (values: Values) => !linkable || values.full === '1'
  const same = { value: SAME, label: i18n._('The same as the original') }
  return [
    { key: 'newid', kind: 'number', label: () => (vm ? i18n._('VM ID') : i18n._('CT ID')), min: 100, max: 999_999_999, required: true },
    { key: 'name', kind: 'text', label: () => (vm ? i18n._('Name') : i18n._('Host name')), placeholder: () => (vm ? `Copy-of-VM-${guest.name}` : '') },
    ...(guest.template && linkable
      ? [{ key: 'full', kind: 'select', label: () => i18n._('Mode'), choices: () => [{ value: '0', label: i18n._('Linked clone') }, { value: '1', label: i18n._('Full clone') }], hint: () => i18n._('A linked clone takes no room of its own at first, and needs the template') } satisfies Field]
      : []),
    { key: 'snapname', kind: 'select', label: () => i18n._('State'), choices: () => [{ value: '', label: i18n._('As it is now') }, ...snapshots.map((value) => ({ value, label: i18n._('Snapshot {name}', { name: value }) }))], when: (values) => whole(values) && snapshots.length > 0 },
    { key: 'storage', kind: 'select', label: () => i18n._('Target storage'), choices: () => [same, ...storages.choices], when: whole },
    ...(vm
      ? [{ key: 'format', kind: 'select', label: () => i18n._('Format'), choices: () => [same, ...formats.map((value) => ({ value, label: value }))], when: (values: Values) => whole(values) && formats.length > 1 } satisfies Field]
      : []),
    { key: 'pool', kind: 'select', label: () => i18n._('Pool'), choices: () => [{ value: '', label: i18n._('None') }, ...pools.map((value) => ({ value, label: value }))], when: () => pools.length > 0 },
  ]
}

/** Asks for what the copy shall be, and starts it. */
export function CloneDialog({ guest, close }: { guest: Guest; close: () => void }) {
  const storages = useStorages(guest.node, guest.type === 'qemu' ? 'images' : 'rootdir')
  const rows = useResources((state) => state.rows)
  const pools = [...rows.values()].filter((row) => row.type === 'pool').map((row) => row.pool ?? '').filter(Boolean)
  const { data: kept = [] } = useApiAt<Snapshot[]>(`${guestPath(guest)}/snapshot`, {}, { enabled: guest.type === 'qemu' && !guest.template })
  const snapshots = kept.map((one) => one.name).filter((name) => name !== CURRENT)
  const linkable = useFeature(guest, 'clone') ?? guest.type === 'qemu'
  const fields = (values: Values) => cloneFields(guest, { storages, pools, formats: storages.formats(values.storage)?.supported ?? [], snapshots, linkable })
  return (
    <Form<Values>
      initial={{ newid: '', name: '', full: guest.template ? '0' : '1', snapname: '', storage: SAME, format: '', pool: '' }}
      validate={(values) => problems(fields(values), values)}
      submit={async (values) => {
        const full = !linkable || values.full === '1'
        const answer = await request('post', `${guestPath(guest)}/clone`, {
          newid: Number(values.newid),
          [guest.type === 'qemu' ? 'name' : 'hostname']: values.name || undefined,
          full: full ? 1 : 0,
          snapname: (full && values.snapname) || undefined,
          storage: (full && values.storage) || undefined,
          format: (full && values.storage && values.format) || undefined,
          pool: values.pool || undefined,
        })
        if (isUpid(answer)) followInCorner(i18n._('{name}: Clone', { name: guest.name ?? guest.vmid }), answer)
      }}
      fieldOf={(parameter) => (parameter === 'hostname' ? 'name' : parameter)}
      done={close}
      action={i18n._('Clone')}
    >
      {(form) => <Body form={form} fields={fields(form.values)} />}
    </Form>
  )
}

function Body({ form, fields }: { form: UseFormReturnType<Values>; fields: Field[] }) {
  const { data } = useApi('/cluster/nextid', {}, { staleTime: 0 })
  useEffect(() => {
    if (data !== undefined && form.values.newid === '') form.setFieldValue('newid', String(data))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when the free ID is known
  }, [data])
  return <Fields fields={fields} form={form} />
}
