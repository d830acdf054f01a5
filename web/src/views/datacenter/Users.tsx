import { Checkbox, PasswordInput, Select, TextInput, Textarea } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconLock, IconLogout, IconPencil, IconPlus, IconShieldCheck, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call, request, type Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { useSession } from '../../api/session'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { done as told } from '../../ui/notify'
import { openPermissions } from './EffectivePermissions'
import { dayOf, expiryName, startOf } from './expiry'
import { GroupsSelect } from './fields'
import { ManagedTable, type Action } from './ManagedTable'
import { isMail, isUserid, words } from './names'
import { useReload } from './reload'

type User = Row<'/access/users'>

export const realmOf = (userid: string) => userid.slice(userid.lastIndexOf('@') + 1)

export function Users() {
  const users = useApi('/access/users', { full: 1 })
  const reload = useReload()
  const may = useMay('/access/groups')('User.Modify')
  const self = useSession((state) => state.session?.username)
  const columns = useMemo(() => columnsFor(), [])
  const never = !may && i18n._('This needs the privilege User.Modify')
  const after = (close: () => void) => () => {
    void reload('/access')
    close()
  }
  const root = (user: User) => user.userid === 'root@pam' && self !== 'root@pam' && i18n._('Only root@pam changes this account')
  const actions: Action<User>[] = [
    { label: i18n._('Add'), icon: IconPlus, never, all: () => openDialog(i18n._('Add user'), (close) => <Add done={after(close)} />) },
    {
      label: i18n._('Edit'),
      icon: IconPencil,
      main: true,
      never,
      why: root,
      one: (user) => openDialog(i18n._('User {user}', { user: user.userid }), (close) => <Edit user={user} done={after(close)} />),
    },
    {
      label: i18n._('Password'),
      icon: IconLock,
      why: (user) =>
        root(user) ||
        (user['realm-type'] !== 'pve' && i18n._('Realm {realm} keeps its passwords elsewhere', { realm: realmOf(user.userid) })) ||
        (!may && user.userid !== self && i18n._('This needs the privilege User.Modify')),
      one: (user) => openPassword(user.userid),
    },
    {
      label: i18n._('Permissions'),
      icon: IconShieldCheck,
      one: (user) => openPermissions(user.userid),
    },
    {
      label: i18n._('End sessions'),
      icon: IconLogout,
      why: (user) => root(user) || (!may && user.userid !== self && i18n._('This needs the privilege User.Modify')),
      one: ({ userid }) =>
        confirm({
          title: i18n._('End sessions of {user}', { user: userid }),
          text: i18n._('Whoever is logged in as {user} must log in again, in every browser. API tokens stay good.', { user: userid }),
          action: i18n._('End sessions'),
          run: () => request('delete', '/pleiad/sessions/{userid}', { userid }),
        }),
    },
    {
      label: i18n._('Remove'),
      icon: IconTrash,
      danger: true,
      never,
      why: (user) => (user.userid === 'root@pam' ? i18n._('root@pam cannot be removed') : user.userid === self && i18n._('This is you')),
      one: (user) =>
        confirm({
          title: i18n._('Remove user {user}', { user: user.userid }),
          text: i18n._('The account goes with its API tokens, group memberships and permissions.'),
          typed: user.userid,
          action: i18n._('Remove'),
          run: async () => {
            await call('delete', '/access/users/{userid}', { userid: user.userid })
            await reload('/access')
          },
        }),
    },
  ]
  return <ManagedTable label={i18n._('Users')} query={users} columns={columns} id={(user) => user.userid} actions={actions} sort={[{ id: 'userid', desc: false }]} />
}

function columnsFor(): Column<User>[] {
  return [
    { id: 'userid', header: i18n._('User'), accessorFn: (user) => user.userid },
    { id: 'name', header: i18n._('Name'), accessorFn: (user) => [user.firstname, user.lastname].filter(Boolean).join(' ') },
    {
      id: 'enable',
      header: i18n._('Enabled'),
      accessorFn: (user) => (user.enable ? i18n._('Yes') : i18n._('No')),
      width: 90,
    },
    { id: 'expire', header: i18n._('Expires'), accessorFn: (user) => user.expire || Number.MAX_SAFE_INTEGER, cell: ({ row }) => expiryName(row.original.expire), width: 170 },
    { id: 'groups', header: i18n._('Groups'), accessorFn: (user) => words(user.groups).join(', ') },
    { id: 'tokens', header: i18n._('Tokens'), accessorFn: (user) => user.tokens?.length ?? 0, numeric: true, width: 96 },
    { id: 'comment', header: i18n._('Comment'), accessorFn: (user) => user.comment ?? '' },
  ]
}

const blank = { enable: true, expire: '', firstname: '', lastname: '', email: '', comment: '', groups: [] as string[] }
type Account = typeof blank

/** The account as the API takes it. */
export const accountOf = ({ enable, expire, groups, ...texts }: Account) => ({
  ...texts,
  enable: enable ? (1 as const) : (0 as const),
  expire: startOf(expire),
  groups: groups.join(','),
})

const wrongAccount = (values: Account) => (values.email !== '' && !isMail(values.email) ? { email: i18n._('This is no mail address') } : {})

function AccountFields<V extends Account>({ form }: { form: UseFormReturnType<V> }) {
  return (
    <>
      <GroupsSelect {...form.getInputProps('groups')} />
      <TextInput type="date" label={i18n._('Expires')} description={i18n._('The account ends when this day begins; empty: never')} {...form.getInputProps('expire')} />
      <Checkbox label={i18n._('Enabled')} {...form.getInputProps('enable', { type: 'checkbox' })} />
      <TextInput label={i18n._('First name')} maxLength={1024} {...form.getInputProps('firstname')} />
      <TextInput label={i18n._('Last name')} maxLength={1024} {...form.getInputProps('lastname')} />
      <TextInput label={i18n._('Mail address')} maxLength={254} {...form.getInputProps('email')} />
      <Textarea label={i18n._('Comment')} maxLength={2048} autosize minRows={1} maxRows={5} {...form.getInputProps('comment')} />
    </>
  )
}

function Add({ done }: { done: () => void }) {
  const { data: realms = [] } = useApi('/access/domains', {})
  return (
    <Form
      initial={{ ...blank, name: '', realm: 'pve', password: '', again: '' }}
      validate={(values) => ({
        ...wrongAccount(values),
        ...(!isUserid(`${values.name}@${values.realm}`) && { name: i18n._('Give a name without blanks, colons and slashes; at most 64 characters with its realm') }),
        ...(values.realm === 'pve' && values.password.length < 8 && { password: i18n._('At least 8 characters') }),
        ...(values.realm === 'pve' && values.password !== values.again && { again: i18n._('This is not the same password') }),
      })}
      fieldOf={(name) => (name === 'userid' ? 'name' : name)}
      submit={({ name, realm, password, again: _, ...account }) =>
        call('post', '/access/users', { userid: `${name}@${realm}`, ...(realm === 'pve' && { password }), ...accountOf(account) })}
      action={i18n._('Add')}
      done={done}
    >
      {(form) => (
        <>
          <TextInput label={i18n._('User name')} data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('name')} />
          <Select
            label={i18n._('Realm')}
            description={form.values.realm === 'pam' ? i18n._('An account of the host of that name must exist; its password is the host’s') : undefined}
            data={realms.map((realm) => ({ value: realm.realm, label: realm.comment ? `${realm.realm} – ${realm.comment}` : realm.realm }))}
            allowDeselect={false}
            {...form.getInputProps('realm')}
          />
          {form.values.realm === 'pve' && (
            <>
              <PasswordInput label={i18n._('Password')} autoComplete="new-password" maxLength={64} {...form.getInputProps('password')} />
              <PasswordInput label={i18n._('Password again')} autoComplete="new-password" maxLength={64} {...form.getInputProps('again')} />
            </>
          )}
          <AccountFields form={form} />
        </>
      )}
    </Form>
  )
}

function Edit({ user, done }: { user: User; done: () => void }) {
  const initial: Account = {
    enable: user.enable === 1,
    expire: dayOf(user.expire),
    firstname: user.firstname ?? '',
    lastname: user.lastname ?? '',
    email: user.email ?? '',
    comment: user.comment ?? '',
    groups: words(user.groups),
  }
  return (
    <Form
      initial={initial}
      validate={wrongAccount}
      // An end that was not touched keeps its hour.
      submit={(values) =>
        call('put', '/access/users/{userid}', {
          userid: user.userid,
          ...accountOf(values),
          ...(values.expire === initial.expire && { expire: user.expire }),
        })}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => <AccountFields form={form} />}
    </Form>
  )
}

/** Asks for a new password of a user of realm `pve`. */
export function openPassword(userid: string): void {
  openDialog(i18n._('Password of {user}', { user: userid }), (close) => <Password userid={userid} done={close} />, 'md')
}

function Password({ userid, done }: { userid: string; done: () => void }) {
  const self = useSession((state) => state.session?.username)
  const confirmed = self !== 'root@pam'
  return (
    <Form
      initial={{ password: '', again: '', 'confirmation-password': '' }}
      validate={(values) => ({
        ...(values.password.length < 8 && { password: i18n._('At least 8 characters') }),
        ...(values.password !== values.again && { again: i18n._('This is not the same password') }),
        ...(confirmed && values['confirmation-password'] === '' && { 'confirmation-password': i18n._('Your own password, to confirm') }),
      })}
      submit={async (values) => {
        await call('put', '/access/password', {
          userid,
          password: values.password,
          ...(confirmed && { 'confirmation-password': values['confirmation-password'] }),
        })
        told(i18n._('Password of {user} changed', { user: userid }))
      }}
      action={i18n._('Change password')}
      done={done}
    >
      {(form) => (
        <>
          {confirmed && <PasswordInput label={i18n._('Your current password')} autoComplete="current-password" {...form.getInputProps('confirmation-password')} />}
          <PasswordInput label={i18n._('New password')} autoComplete="new-password" maxLength={64} data-autofocus {...form.getInputProps('password')} />
          <PasswordInput label={i18n._('New password again')} autoComplete="new-password" maxLength={64} {...form.getInputProps('again')} />
        </>
      )}
    </Form>
  )
}
