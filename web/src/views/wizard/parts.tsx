import { Checkbox, Group } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { call, request } from '../../api/call'
import { useResources, type GuestKind } from '../../api/resources'
import { i18n } from '../../i18n'
import { followInCorner, isUpid } from '../../shell/tasks'
import { Form } from '../../ui/Form'
import { Loaded } from '../../ui/parts'
import classes from './wizard.module.css'

/** Fields that belong together. */
export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className={classes.section}>
    <legend>{title}</legend>
    <div className={classes.fields}>{children}</div>
  </fieldset>
)

/** What the header opens a wizard with. */
export interface WizardProps {
  node?: string
  close: () => void
}

interface Wizard<V extends Record<string, unknown>> extends WizardProps {
  kind: GuestKind
  /** Content types of the storage for disks, and of those for what it is made from. */
  content: string
  media: string[]
  action: string
  /** What its task is called. */
  task: (vmid: number) => string
  initial: (found: Start) => V
  validate: (values: V) => Partial<Record<keyof V, string>>
  params: (values: V) => Record<string, unknown>
  /** Which field is meant when the API names a parameter. */
  fields: Record<string, string>
  children: (form: UseFormReturnType<V>) => ReactNode
}

/** A new guest, on one page; then to that guest. */
export function Wizard<V extends { vmid: string } & Record<string, unknown>>({ node, close, kind, content, media, action, task, initial, validate, params, fields, children }: Wizard<V>) {
  const start = useStart(node, content, media)
  const navigate = useNavigate()
  const submit = async (values: V) => {
    const upid = await request('post', `/nodes/{node}/${kind}`, params(values))
    if (isUpid(upid)) followInCorner(task(Number(values.vmid)), upid)
    void navigate({ to: '/guest/$vmid/$tab', params: { vmid: values.vmid, tab: 'summary' } })
  }
  return (
    <Loaded query={start} lines={12}>
      {(found) => (
        <Form initial={initial(found)} validate={validate} submit={submit} done={close} action={action} fieldOf={(parameter) => fields[parameter] ?? parameter}>
          {(form) => (
            <>
              {children(form)}
              <Group>
                <Checkbox label={i18n._('Start after it is created')} {...form.getInputProps('start', { type: 'checkbox' })} />
                <Checkbox label={i18n._('Start with the node')} {...form.getInputProps('onboot', { type: 'checkbox' })} />
              </Group>
            </>
          )}
        </Form>
      )}
    </Loaded>
  )
}

interface Start {
  node: string
  vmid: string
  /** Storage for disks, the one with the most room. */
  storage: string
  /** Storage with installation media. */
  media: string
  bridge: string
}

/** What the wizard begins with: a free ID, and the places that most would take. */
function useStart(node: string | undefined, content: string, media: string[]) {
  return useQuery<Start, Error>({
    queryKey: ['wizard', node, content],
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async () => {
      const rows = [...useResources.getState().rows.values()]
      const online = rows.filter((row) => row.type === 'node' && row.status === 'online').map((row) => row.node ?? '')
      const chosen = node ?? online[0] ?? ''
      const storages = rows.filter((row) => row.type === 'storage' && row.node === chosen && row.status === 'available')
      const holding = (wanted: string) =>
        storages
          .filter((row) => (row.content ?? '').split(',').includes(wanted))
          .sort((a, b) => (b.maxdisk ?? 0) - (b.disk ?? 0) - ((a.maxdisk ?? 0) - (a.disk ?? 0)))[0]?.storage
      const [vmid, bridges] = await Promise.all([
        call('get', '/cluster/nextid', {}),
        // Who may not see them is told so at the field.
        call('get', '/nodes/{node}/network', { node: chosen, type: 'any_bridge' }).catch(() => []),
      ])
      return {
        node: chosen,
        vmid: String(vmid),
        storage: holding(content) ?? '',
        media: media.map(holding).find(Boolean) ?? '',
        bridge: bridges[0]?.iface ?? '',
      }
    },
  })
}
