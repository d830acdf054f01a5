// Tags beside a guest's name, and the dialog that changes them.
import { ActionIcon, TagsInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useApi, useMay } from '../../api/hooks'
import { useGuests, type Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { Tags } from '../../shell/Tags'
import { tagsOf } from '../../shell/tree'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { useChangeSettings, useSettings, type Change, type Seen } from './config/useSettings'
import classes from './guest.module.css'

/** What a tag may be made of. */
const TAG = /^[a-z\d_][-+.\w]*$/i

const clean = (tags: readonly string[]) => tags.map((tag) => tag.trim()).filter(Boolean)

export function GuestTags({ guest }: { guest: Guest }) {
  const may = useMay(`/vms/${guest.vmid}`)
  const { data: seen } = useSettings(guest)
  const change = useChangeSettings(guest)
  const edit = () => {
    if (seen) openDialog(i18n._('Tags of {name}', { name: guest.name ?? guest.vmid }), (close) => <TagsForm tags={tagsOf(guest.tags)} seen={seen} change={change} close={close} />, 'md')
  }
  return (
    <span className={classes.tags}>
      <Tags tags={guest.tags} />
      {may('VM.Config.Options') && (
        <ActionIcon className={classes.editTags} variant="subtle" color="gray" aria-label={i18n._('Edit tags')} onClick={edit}>
          <IconPencil size={14} />
        </ActionIcon>
      )}
    </span>
  )
}

function TagsForm({ tags, seen, change, close }: { tags: readonly string[]; seen: Seen; change: Change; close: () => void }) {
  const guests = useGuests()
  const { data: options } = useApi('/cluster/options', {})
  const allowed = (options as { 'allowed-tags'?: string[] } | undefined)?.['allowed-tags']
  // Which tags one may set is known to the datacenter; what guests have is no hint of that.
  const known = useMemo(() => allowed ?? [...new Set(guests.flatMap((one) => tagsOf(one.tags)))].sort(), [allowed, guests])
  return (
    <Form<{ tags: string[] }>
      initial={{ tags: [...tags] }}
      validate={({ tags: entered }) => {
        const wrong = clean(entered).find((tag) => !TAG.test(tag))
        return wrong === undefined ? {} : { tags: i18n._('“{tag}” is no tag: letters, digits, - + . _ , beginning with a letter, a digit or _', { tag: wrong }) }
      }}
      submit={async ({ tags: entered }) => {
        const wanted = clean(entered)
        if (wanted.join(';') === tags.join(';')) return
        await change(wanted.length === 0 ? { delete: 'tags' } : { tags: wanted.join(';') }, seen.digest)
      }}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <TagsInput label={i18n._('Tags')} data={known} splitChars={[',', ';', ' ']} data-autofocus clearable clearButtonProps={{ 'aria-label': i18n._('Clear') }} {...form.getInputProps('tags')} />}
    </Form>
  )
}

