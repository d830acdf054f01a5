// Notes about a guest, in Markdown.
import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMay } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { openDialog } from '../../../ui/dialogs'
import { Markdown } from '../../../ui/Markdown'
import { Loaded, Panel } from '../../../ui/parts'
import { NotesForm } from '../../datacenter/Notes'
import { useChangeSettings, useSettings, type Seen } from '../config/useSettings'

/** Longest notes of a guest. */
const LONGEST = 8192

export function GuestNotes({ guest }: { guest: Guest }) {
  const query = useSettings(guest)
  const change = useChangeSettings(guest)
  const may = useMay(`/vms/${guest.vmid}`)('VM.Config.Options')
  const edit = (seen: Seen) =>
    openDialog(i18n._('Notes of {name}', { name: guest.name ?? guest.vmid }), (close) => (
      <NotesForm
        text={textOf(seen)}
        longest={LONGEST}
        submit={(description) => change(description === '' ? { delete: 'description' } : { description }, seen.digest)}
        done={close}
      />
    ), 'xl')
  const { data } = query
  return (
    <Panel
      title={i18n._('Notes')}
      tools={may && data && <Button variant="subtle" leftSection={<IconPencil size={15} aria-hidden />} onClick={() => edit(data)} aria-label={i18n._('Edit notes')}>{i18n._('Edit')}</Button>}
    >
      <Loaded query={query}>
        {(seen) => (textOf(seen) === '' ? <p className="dim">{i18n._('No notes.')}</p> : <Markdown text={textOf(seen)} />)}
      </Loaded>
    </Panel>
  )
}

const textOf = ({ settings }: Seen) => settings.get('description')?.next ?? ''
