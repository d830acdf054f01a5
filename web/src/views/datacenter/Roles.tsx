import { Badge, Checkbox, Fieldset, Group, Text, TextInput } from '@mantine/core'
import { IconCopy, IconEye, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call, type Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import classes from './datacenter.module.css'
import { ManagedTable } from './ManagedTable'
import { isPlainName, words } from './names'
import { groupPrivileges } from './privileges'
import { useReload } from './reload'

type Role = Row<'/access/roles'>

export function Roles() {
  const roles = useApi('/access/roles', {})
  const reload = useReload()
  const may = useMay('/access')('Sys.Modify')
  const columns = useMemo(() => columnsFor(), [])
  // The built-in Administrator has every privilege that there is.
  const all = useMemo(() => [...new Set(roles.data?.flatMap((role) => words(role.privs)))], [roles.data])
  const never = !may && i18n._('This needs the privilege Sys.Modify on /access')
  const edit = (role?: Role, privs = words(role?.privs)) =>
    openDialog(role ? i18n._('Role {role}', { role: role.roleid }) : i18n._('Add role'), (close) => (
      <RoleForm role={role} privs={privs} all={all} done={() => { void reload('/access'); close() }} />
    ), 'xl')
  const builtIn = (role: Role) => role.special === 1 && i18n._('This role is built in and cannot change')
  return (
    <ManagedTable
      label={i18n._('Roles')}
      query={roles}
      columns={columns}
      id={(role) => role.roleid}
      sort={[{ id: 'special', desc: false }]}
      actions={[
        { label: i18n._('Add'), icon: IconPlus, all: () => edit(), never },
        { label: i18n._('Show'), icon: IconEye, one: (role) => show(role), main: true },
        { label: i18n._('Edit'), icon: IconPencil, one: (role) => edit(role), why: builtIn, never },
        { label: i18n._('Copy'), icon: IconCopy, one: (role) => edit(undefined, words(role.privs)), never },
        {
          label: i18n._('Remove'),
          icon: IconTrash,
          danger: true,
          never,
          why: builtIn,
          one: (role) =>
            confirm({
              title: i18n._('Remove role {role}', { role: role.roleid }),
              text: i18n._('Permissions that give this role go with it.'),
              action: i18n._('Remove'),
              run: async () => {
                await call('delete', '/access/roles/{roleid}', { roleid: role.roleid })
                await reload('/access')
              },
            }),
        },
      ]}
    />
  )
}

function columnsFor(): Column<Role>[] {
  return [
    {
      id: 'roleid',
      header: i18n._('Role'),
      accessorFn: (role) => role.roleid,
      width: 220,
    },
    {
      id: 'special',
      header: i18n._('Built in'),
      accessorFn: (role) => `${role.special} ${role.roleid}`,
      cell: ({ row }) => (row.original.special ? i18n._('Yes') : i18n._('No')),
      width: 90,
    },
    { id: 'count', header: i18n._('Privileges'), accessorFn: (role) => words(role.privs).length, numeric: true, width: 100 },
    { id: 'privs', header: i18n._('Which'), accessorFn: (role) => words(role.privs).join(', ') },
  ]
}

function show(role: Role) {
  openDialog(i18n._('Role {role}', { role: role.roleid }), () => {
    const groups = groupPrivileges(words(role.privs))
    if (groups.length === 0) return <Text size="sm">{i18n._('This role permits nothing, and takes away what is inherited.')}</Text>
    return groups.map(([group, privileges]) => (
      <Fieldset key={group} legend={group} mb="xs">
        <Group gap={6}>{privileges.map((one) => <Badge key={one} variant="default" tt="none">{one}</Badge>)}</Group>
      </Fieldset>
    ))
  })
}

function RoleForm({ role, privs, all, done }: { role?: Role; privs: string[]; all: string[]; done: () => void }) {
  return (
    <Form
      initial={{ roleid: role?.roleid ?? '', privs }}
      validate={(values) => {
        if (!isPlainName(values.roleid)) return { roleid: i18n._('Letters, digits, dots, dashes and underscores') }
        if (!role && /^pve/i.test(values.roleid)) return { roleid: i18n._('Names that begin with PVE are those of built-in roles') }
        return {}
      }}
      submit={({ roleid, privs: chosen }) =>
        role
          ? call('put', '/access/roles/{roleid}', { roleid, privs: chosen.join(',') })
          : call('post', '/access/roles', { roleid, privs: chosen.join(',') })}
      action={role ? i18n._('Save') : i18n._('Add')}
      done={done}
    >
      {(form) => {
        const { privs: chosen } = form.values
        const set = (names: string[], on: boolean) =>
          form.setFieldValue('privs', on ? [...new Set([...chosen, ...names])] : chosen.filter((one) => !names.includes(one)))
        return (
          <>
            {!role && <TextInput label={i18n._('Name')} data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('roleid')} />}
            {form.errors.privs && <Text size="sm" c="red">{form.errors.privs}</Text>}
            <div className={classes.privileges}>
              {groupPrivileges(all).map(([group, names]) => {
                const count = names.filter((name) => chosen.includes(name)).length
                return (
                  <Fieldset
                    key={group}
                    legend={
                      <Checkbox
                        label={group}
                        checked={count === names.length}
                        indeterminate={count > 0 && count < names.length}
                        onChange={(event) => set(names, event.currentTarget.checked)}
                      />
                    }
                  >
                    {names.map((name) => (
                      <Checkbox key={name} my={4} label={name} checked={chosen.includes(name)} onChange={(event) => set([name], event.currentTarget.checked)} />
                    ))}
                  </Fieldset>
                )
              })}
            </div>
          </>
        )
      }}
    </Form>
  )
}
