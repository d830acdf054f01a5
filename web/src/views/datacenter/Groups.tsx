import { MultiSelect, TextInput } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call, type Row } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { ManagedTable } from './ManagedTable'
import { isPlainName, words } from './names'
import { useReload } from './reload'

type Group = Row<'/access/groups'>

export function Groups() {
  const groups = useApi('/access/groups', {})
  const reload = useReload()
  const may = useMay('/access/groups')('Group.Allocate')
  const columns = useMemo(() => columnsFor(), [])
  const never = !may && i18n._('This needs the privilege Group.Allocate')
  const edit = (group?: Group) =>
    openDialog(group ? i18n._('Group {group}', { group: group.groupid }) : i18n._('Add group'), (close) => (
      <GroupForm group={group} done={() => { void reload('/access'); close() }} />
    ), 'md')
  return (
    <ManagedTable
      label={i18n._('Groups')}
      query={groups}
      columns={columns}
      id={(group) => group.groupid}
      sort={[{ id: 'groupid', desc: false }]}
      empty={i18n._('No groups yet: give a group a role once, and put users into it')}
      actions={[
        { label: i18n._('Add'), icon: IconPlus, all: () => edit(), never },
        { label: i18n._('Edit'), icon: IconPencil, one: edit, main: true, never },
        {
          label: i18n._('Remove'),
          icon: IconTrash,
          danger: true,
          never,
          one: (group) =>
            confirm({
              title: i18n._('Remove group {group}', { group: group.groupid }),
              text: i18n._('Its members stay as users but lose what the group was permitted.'),
              action: i18n._('Remove'),
              run: async () => {
                await call('delete', '/access/groups/{groupid}', { groupid: group.groupid })
                await reload('/access')
              },
            }),
        },
      ]}
    />
  )
}

function columnsFor(): Column<Group>[] {
  return [
    { id: 'groupid', header: i18n._('Group'), accessorFn: (group) => group.groupid },
    { id: 'comment', header: i18n._('Comment'), accessorFn: (group) => group.comment ?? '' },
    { id: 'users', header: i18n._('Members'), accessorFn: (group) => words(group.users).join(', ') },
  ]
}

function GroupForm({ group, done }: { group?: Group; done: () => void }) {
  const { data: users = [] } = useApi('/access/users', {})
  const before = words(group?.users)
  return (
    <Form
      initial={{ groupid: group?.groupid ?? '', comment: group?.comment ?? '', users: before }}
      validate={(values) => (isPlainName(values.groupid) ? {} : { groupid: i18n._('Letters, digits, dots, dashes and underscores') })}
      submit={async ({ groupid, comment, users: after }) => {
        await (group ? call('put', '/access/groups/{groupid}', { groupid, comment }) : call('post', '/access/groups', { groupid, comment }))
        // Membership is the users' own: each that joins or leaves is changed.
        for (const userid of after.filter((one) => !before.includes(one)))
          await call('put', '/access/users/{userid}', { userid, groups: groupid, append: 1 })
        for (const userid of before.filter((one) => !after.includes(one))) {
          const { groups = [] } = await call('get', '/access/users/{userid}', { userid })
          await call('put', '/access/users/{userid}', { userid, groups: groups.filter((one) => one !== groupid).join(',') })
        }
      }}
      action={group ? i18n._('Save') : i18n._('Add')}
      done={done}
    >
      {(form) => (
        <>
          {!group && <TextInput label={i18n._('Name')} data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('groupid')} />}
          <TextInput label={i18n._('Comment')} {...form.getInputProps('comment')} />
          <MultiSelect label={i18n._('Members')} searchable limit={50} clearable data={users.map((user) => user.userid)} {...form.getInputProps('users')} />
        </>
      )}
    </Form>
  )
}
