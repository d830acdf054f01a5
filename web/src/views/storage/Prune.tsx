import { TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { call, type Row } from '../../api/call'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { moment } from '../../lib/format'
import { printProperties } from '../../lib/property'
import { runTask } from '../../shell/tasks'
import { DataTable, type Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { Problem } from '../../ui/parts'
import { keepName } from '../datacenter/StorageForm'
import datacenter from '../datacenter/datacenter.module.css'
import { KEEPS, type Keep } from '../datacenter/storageForm'
import { fileName } from './files'

type Marked = Row<'/nodes/{node}/storage/{storage}/prunebackups'>

/** Asks which backups to keep, shows what would go, and removes it. */
export function openPrune(node: string, storage: string, after: () => Promise<unknown>): void {
  openDialog(i18n._('Prune backups on {storage}', { storage }), (close) => (
    <Prune node={node} storage={storage} done={() => { void after(); close() }} />
  ), 'xl')
}

type Keeps = Record<Keep, string>
const none = Object.fromEntries(KEEPS.map((rule) => [rule, ''])) as Keeps

const rulesOf = (values: Keeps) => printProperties(KEEPS.map((rule) => [rule, Number(values[rule]) > 0 ? values[rule] : undefined] as const))

function Prune({ node, storage, done }: { node: string; storage: string; done: () => void }) {
  const [rules, setRules] = useState('')
  return (
    <Form
      initial={none}
      validate={(values) => {
        const wrong = KEEPS.filter((rule) => !/^\d*$/.test(values[rule]))
        if (wrong.length > 0) return Object.fromEntries(wrong.map((rule) => [rule, i18n._('A whole number')]))
        return rulesOf(values) === '' ? { 'keep-last': i18n._('Say what to keep') } : {}
      }}
      submit={async (values) => {
        const begun = await call('delete', '/nodes/{node}/storage/{storage}/prunebackups', { node, storage, 'prune-backups': rulesOf(values) })
        void runTask(i18n._('Prune backups on {storage}', { storage }), () => Promise.resolve(begun))
      }}
      action={i18n._('Remove what is marked')}
      danger
      done={done}
    >
      {(form) => (
        <>
          <div className={datacenter.pairs}>
            {KEEPS.map((rule) => (
              <TextInput key={rule} label={keepName(rule)} inputMode="numeric" {...form.getInputProps(rule)} onBlur={() => setRules(rulesOf(form.values))} />
            ))}
          </div>
          <Preview node={node} storage={storage} rules={rules} />
        </>
      )}
    </Form>
  )
}

function Preview({ node, storage, rules }: { node: string; storage: string; rules: string }) {
  const query = useApi('/nodes/{node}/storage/{storage}/prunebackups', { node, storage, 'prune-backups': rules }, { enabled: rules !== '', placeholderData: (old: unknown) => old as never })
  const columns = useMemo(() => columnsFor(), [])
  if (query.error) return <Problem error={query.error} />
  return (
    <DataTable
      label={i18n._('What would happen')}
      rows={rules === '' ? [] : (query.data ?? [])}
      columns={columns}
      id={(one) => one.volid}
      sort={[{ id: 'date', desc: true }]}
      height={260}
      empty={rules === '' ? i18n._('Say what to keep to see what would go') : i18n._('No backups')}
    />
  )
}

function markName(mark: string): string {
  switch (mark) {
    case 'keep': return i18n._('kept')
    case 'remove': return i18n._('removed')
    case 'protected': return i18n._('kept: protected')
    case 'renamed': return i18n._('kept: its name is its own')
    default: return mark
  }
}

const columnsFor = (): Column<Marked>[] => [
  { id: 'name', header: i18n._('Backup'), accessorFn: (one) => fileName(one.volid) },
  { id: 'date', header: i18n._('Date'), accessorFn: (one) => one.ctime, cell: ({ row }) => moment(row.original.ctime), width: 205 },
  { id: 'mark', header: i18n._('What happens'), accessorFn: (one) => markName(one.mark), width: 150 },
]
