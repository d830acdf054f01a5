// Makes a place for guests of a disk that nobody uses.
import { Checkbox, Select, TextInput } from '@mantine/core'
import { request } from '../../../api/call'
import { useApiAt } from '../../../api/hooks'
import { i18n } from '../../../i18n'
import { bytes } from '../../../lib/format'
import { followInCorner } from '../../../shell/tasks'
import { Form } from '../../../ui/Form'
import { isStorageName } from '../../datacenter/names'
import { isUnused, type Disk } from './disks'

export type Kind = 'directory' | 'lvm' | 'lvmthin'

export function MakeStorage({ node, kind, close }: { node: string; kind: Kind; close: () => void }) {
  const { data, isPending } = useApiAt<Disk[]>('/nodes/{node}/disks/list', { node, type: 'unused', skipsmart: 1 })
  const disks = (data ?? []).filter((disk) => !disk.parent && isUnused(disk))
  return (
    <Form
      initial={{ device: null as string | null, name: '', filesystem: 'ext4', add_storage: true }}
      action={i18n._('Create')}
      danger
      validate={({ device, name }) => ({
        ...(device ? {} : { device: i18n._('A value is needed') }),
        ...(isStorageName(name) ? {} : { name: i18n._('At least two characters: a letter, then letters, digits, dashes, dots and underscores; a letter or digit at the end') }),
      })}
      submit={async ({ device, name, filesystem, add_storage: add }) => {
        const upid = await request('post', `/nodes/{node}/disks/${kind}`, { node, device, name, add_storage: add ? 1 : 0, ...(kind === 'directory' && { filesystem }) })
        if (typeof upid === 'string') followInCorner(i18n._('Create {name} on {device}', { name, device }), upid)
      }}
      done={close}
    >
      {(form) => (
        <>
          <Select
            label={i18n._('Disk')} data-autofocus
            description={!isPending && disks.length === 0 ? i18n._('This node has no unused disk. Wipe one first.') : i18n._('Only disks that nothing uses can be taken')}
            data={disks.map((disk) => ({ value: disk.devpath, label: [disk.devpath, bytes(disk.size), disk.model === 'unknown' ? '' : disk.model].filter(Boolean).join(' · ') }))}
            {...form.getInputProps('device')}
          />
          <TextInput label={i18n._('Name')} autoComplete="off" spellCheck={false} {...form.getInputProps('name')} />
          {kind === 'directory' && <Select label={i18n._('File system')} allowDeselect={false} data={['ext4', 'xfs']} {...form.getInputProps('filesystem')} />}
          <Checkbox label={i18n._('Add it as a storage')} {...form.getInputProps('add_storage', { type: 'checkbox' })} />
        </>
      )}
    </Form>
  )
}
