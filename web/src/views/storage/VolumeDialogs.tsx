import { Textarea } from '@mantine/core'
import { call } from '../../api/call'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { bytes, moment } from '../../lib/format'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { Facts, Loaded } from '../../ui/parts'
import type { Volume } from './columns'
import { fileName } from './files'
import classes from './storage.module.css'

/** Shows all that is known of a volume. */
export function openDetails(node: string, storage: string, volume: Volume): void {
  openDialog(fileName(volume.volid), () => <Details node={node} storage={storage} volume={volume} />)
}

function Details({ node, storage, volume }: { node: string; storage: string; volume: Volume }) {
  const query = useApi('/nodes/{node}/storage/{storage}/content/{volume}', { node, storage, volume: volume.volid })
  return (
    <Loaded query={query} lines={8}>
      {(info) => (
        <Facts
          rows={[
            [i18n._('Volume'), <span key="volid" className={classes.path}>{volume.volid}</span>],
            [i18n._('Path on the node'), <span key="path" className={classes.path}>{info.path}</span>],
            [i18n._('Size'), bytes(info.size)],
            [i18n._('Used'), bytes(info.used)],
            [i18n._('Format'), info.format],
            volume.ctime !== undefined && [i18n._('Date'), moment(volume.ctime)],
            volume.vmid !== undefined && [i18n._('Guest'), volume.vmid],
            volume.parent !== undefined && [i18n._('Based on'), <span key="parent" className={classes.path}>{volume.parent}</span>],
            info.protected !== undefined && [i18n._('Protected'), info.protected ? i18n._('Yes') : i18n._('No')],
            info.notes !== undefined && [i18n._('Notes'), <span key="notes" style={{ whiteSpace: 'pre-line' }}>{info.notes}</span>],
          ]}
        />
      )}
    </Loaded>
  )
}

/** Asks for the notes of a backup. */
export function openNotes(node: string, storage: string, volume: Volume, after: () => Promise<unknown>): void {
  openDialog(i18n._('Notes of {name}', { name: fileName(volume.volid) }), (close) => (
    <Form
      initial={{ notes: volume.notes ?? '' }}
      submit={async ({ notes }) => {
        await call('put', '/nodes/{node}/storage/{storage}/content/{volume}', { node, storage, volume: volume.volid, notes })
        await after()
      }}
      action={i18n._('Save')}
      done={close}
    >
      {(form) => <Textarea label={i18n._('Notes')} autosize minRows={4} maxRows={16} data-autofocus {...form.getInputProps('notes')} />}
    </Form>
  ))
}
