// Starts or shuts down many guests of a node at once.
import { Checkbox, Text } from '@mantine/core'
import { request } from '../../api/call'
import { isGuest, useResources, type Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { followInCorner, isUpid } from '../../shell/tasks'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { ResourceIcon } from '../../ui/parts'
import classes from './node.module.css'

export type What = 'startall' | 'stopall' | 'suspendall'

/** Guests that it makes sense for. */
export const concerned = (guests: readonly Guest[], node: string, what: What) =>
  guests
    .filter((guest) => guest.node === node && !guest.template && suits(guest, what))
    .sort((a, b) => a.vmid - b.vmid)

function suits({ type, status }: Guest, what: What): boolean {
  if (what === 'startall') return status === 'stopped'
  if (what === 'suspendall') return type === 'qemu' && status === 'running'
  return status !== 'stopped'
}

export function openBulk(node: string, what: What, label: string): void {
  openDialog(label, (close) => <Bulk node={node} what={what} label={label} close={close} />)
}

/** Also guests that do not start with the host; a stop for those that hang. */
function extra(what: What, force: boolean): Record<string, number> {
  if (what === 'startall') return { force: 1 }
  return what === 'stopall' ? { 'force-stop': force ? 1 : 0 } : {}
}

function Bulk({ node, what, label, close }: { node: string; what: What; label: string; close: () => void }) {
  const rows = useResources((state) => state.rows)
  const guests = concerned([...rows.values()].filter(isGuest), node, what)
  if (guests.length === 0) return <Text size="sm">{what === 'startall' ? i18n._('No guest of this node is stopped.') : i18n._('No guest of this node is running.')}</Text>
  return (
    <Form
      initial={{ left: [] as number[], force: true }}
      action={label}
      danger={what !== 'startall'}
      submit={async ({ left, force }) => {
        const chosen = guests.filter((guest) => !left.includes(guest.vmid)).map((guest) => guest.vmid)
        const answer = await request('post', `/nodes/{node}/${what}`, { node, vms: chosen.join(','), ...extra(what, force) })
        if (isUpid(answer)) followInCorner(`${node}: ${label}`, answer)
      }}
      validate={({ left }) => (left.length === guests.length ? { left: i18n._('Choose at least one guest') } : {})}
      done={close}
    >
      {(form) => (
        <>
        <fieldset className={classes.bulk}>
          <legend>{i18n._('Guests')}</legend>
          {guests.map((guest) => (
            <Checkbox
              key={guest.id}
              checked={!form.values.left.includes(guest.vmid)}
              onChange={({ currentTarget: { checked } }) =>
                form.setFieldValue('left', checked ? form.values.left.filter((one) => one !== guest.vmid) : [...form.values.left, guest.vmid])}
              label={<span className={classes.bulkGuest}><ResourceIcon row={guest} /> {guest.vmid} {guest.name}</span>}
            />
          ))}
          {form.errors.left && <Text size="sm" c="red" role="alert">{form.errors.left}</Text>}
        </fieldset>
        {what === 'stopall' && <Checkbox label={i18n._('Stop those that have not shut down after three minutes')} {...form.getInputProps('force', { type: 'checkbox' })} />}
        </>
      )}
    </Form>
  )
}
