// Cloud-init user data that is kept with a VM: a text with numbered lines, that says at which of them it is wrong.
import { Alert, Button, Group, Input } from '@mantine/core'
import { IconAlertTriangle, IconTrash } from '@tabler/icons-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { request } from '../../../api/call'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { confirm } from '../../../ui/confirm'
import { Form } from '../../../ui/Form'
import { done as tell } from '../../../ui/notify'
import { Loaded } from '../../../ui/parts'
import { useReload } from '../../datacenter/reload'
import { guestPath } from '../config/useSettings'
import { placeOf, spanOf } from './place'
import classes from './cloudinit.module.css'

interface Kept {
  'user-data'?: string | null
  volume?: string | null
  warnings: string[]
}

/** What a VM gets if nothing else is asked for. */
const BEGINNING = '#cloud-config\npackages:\n  - qemu-guest-agent\nruncmd:\n  - systemctl start qemu-guest-agent\n'

const pathOf = (guest: Guest) => `/pleiad${guestPath(guest)}/user-data`

export function UserData({ guest, close }: { guest: Guest; close: () => void }) {
  const query = useApiAt<Kept>(pathOf(guest), {}, { staleTime: 0 })
  return <Loaded query={query} lines={12}>{(kept) => <Editor guest={guest} kept={kept} close={close} />}</Loaded>
}

function Editor({ guest, kept, close }: { guest: Guest; kept: Kept; close: () => void }) {
  const reload = useReload()
  const there = kept['user-data'] ?? undefined
  const after = () => reload(guestPath(guest), pathOf(guest))
  const remove = () => confirm({
    title: i18n._('Remove user data'),
    text: i18n._('The text is lost. Cloud-init then gets again what the options of this VM say.'),
    action: i18n._('Remove'),
    run: async () => {
      await request('delete', pathOf(guest), {})
      await after()
      close()
    },
  })
  return (
    <Form<{ text: string }>
      initial={{ text: there ?? BEGINNING }}
      validate={({ text }) => (text.startsWith('#cloud-config') ? {} : { text: i18n._('line 1: it begins with “#cloud-config”') })}
      submit={async ({ text }) => {
        const { warnings } = (await request('put', pathOf(guest), { 'user-data': text })) as Kept
        await after()
        if (warnings.length > 0) tell(i18n._('User data saved. Odd about it: {warnings}', { warnings: warnings.join('; ') }))
      }}
      fieldOf={(parameter) => (parameter === 'user-data' ? 'text' : parameter)}
      done={close}
      action={i18n._('Save')}
    >
      {(form) => (
        <>
          <p className={classes.explain}>{i18n._('It takes the place of user, password, keys and DNS of this VM; addresses stay. It is checked before it is kept, and reaches the VM with the next image.')}</p>
          {kept.warnings.length > 0 && <Alert color="yellow" icon={<IconAlertTriangle size={16} />}>{kept.warnings.join('; ')}</Alert>}
          <Numbered label={i18n._('User data')} value={form.values.text} error={form.errors.text} set={(text) => form.setFieldValue('text', text)} />
          {there !== undefined && (
            <Group>
              <Button variant="subtle" color="red" leftSection={<IconTrash size={15} />} onClick={remove}>{i18n._('Remove user data')}</Button>
            </Group>
          )}
        </>
      )}
    </Form>
  )
}

/** A text with numbers at its lines. An error that names a line is shown there, and the line is marked. */
function Numbered({ label, value, set, error }: { label: string; value: string; set: (value: string) => void; error: ReactNode }) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const numbers = useRef<HTMLOListElement>(null)
  const place = typeof error === 'string' ? placeOf(error) : undefined
  useEffect(() => {
    const span = area.current && place && spanOf(area.current.value, place)
    if (!span || !area.current) return
    area.current.focus()
    area.current.setSelectionRange(...span)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each error, not at each key
  }, [error])
  const lines = value.split('\n').length
  return (
    <Input.Wrapper label={label} labelProps={{ htmlFor: id }} error={error} errorProps={{ id: `${id}-error` }}>
      <div className={classes.editor} data-wrong={Boolean(error) || undefined}>
        <ol ref={numbers} className={classes.numbers} aria-hidden>
          {Array.from({ length: lines }, (_, at) => <li key={at} data-wrong={place?.line === at + 1 || undefined} title={place?.line === at + 1 ? String(error) : undefined}>{at + 1}</li>)}
        </ol>
        <textarea
          id={id}
          ref={area}
          className={classes.text}
          value={value}
          rows={18}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          aria-invalid={Boolean(error)}
          aria-describedby={error ? `${id}-error` : undefined}
          onChange={(event) => set(event.currentTarget.value)}
          onScroll={(event) => { if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop }}
        />
      </div>
    </Input.Wrapper>
  )
}
