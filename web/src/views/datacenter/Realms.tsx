import { Checkbox, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call, type Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { Loaded } from '../../ui/parts'
import { ManagedTable } from './ManagedTable'
import { useReload } from './reload'

type Realm = Row<'/access/domains'>

/** Where users come from. This version has the two that are always there; what they are called can change. */
export function Realms() {
  const realms = useApi('/access/domains', {})
  const reload = useReload()
  const may = useMay('/access/realm')('Realm.Allocate')
  const columns = useMemo(() => columnsFor(), [])
  const edit = ({ realm }: Realm) =>
    openDialog(i18n._('Realm {realm}', { realm }), (close) => <RealmForm realm={realm} done={() => { void reload('/access'); close() }} />, 'md')
  return (
    <ManagedTable
      label={i18n._('Realms')}
      query={realms}
      columns={columns}
      id={({ realm }) => realm}
      actions={[{ label: i18n._('Edit'), icon: IconPencil, one: edit, main: true, never: !may && i18n._('This needs the privilege Realm.Allocate') }]}
    />
  )
}

function typeName(type: string): string {
  switch (type) {
    case 'pam': return i18n._('Accounts of the host (PAM)')
    case 'pve': return i18n._('Accounts of this cluster')
    default: return type
  }
}

const columnsFor = (): Column<Realm>[] => [
  { id: 'realm', header: i18n._('Realm'), accessorFn: ({ realm }) => realm, width: 160 },
  { id: 'type', header: i18n._('Type'), accessorFn: ({ type }) => typeName(type) },
  { id: 'default', header: i18n._('Default'), accessorFn: (realm) => (realm.default ? i18n._('Yes') : i18n._('No')), width: 120 },
  { id: 'comment', header: i18n._('Comment'), accessorFn: ({ comment }) => comment ?? '' },
]

function RealmForm({ realm, done }: { realm: string; done: () => void }) {
  const query = useApi('/access/domains/{realm}', { realm }, { staleTime: 0 })
  return (
    <Loaded query={query}>
      {(data) => (
        <Form
          initial={{ comment: data.comment ?? '', default: data.default === 1 }}
          submit={(values) =>
            call('put', '/access/domains/{realm}', {
              realm,
              digest: data.digest,
              default: values.default ? 1 : 0,
              ...(values.comment === '' ? { delete: 'comment' } : { comment: values.comment }),
            })}
          action={i18n._('Save')}
          done={done}
        >
          {(form) => (
            <>
              <TextInput label={i18n._('Comment')} description={i18n._('What the login page calls it')} maxLength={4096} data-autofocus {...form.getInputProps('comment')} />
              <Checkbox label={i18n._('Offer it first when logging in')} {...form.getInputProps('default', { type: 'checkbox' })} />
            </>
          )}
        </Form>
      )}
    </Loaded>
  )
}
