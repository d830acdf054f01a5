// Names for devices and directories of the nodes, so that a guest can have them on whichever node it runs.
import { SegmentedControl } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { request } from '../../api/call'
import { useMay } from '../../api/hooks'
import { offers } from '../../api/offers'
import { useNodes } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { useMappings, type Mapping, type MappingKind } from '../guest/hardware/mappings'
import { ManagedTable } from './ManagedTable'
import { MappingForm } from './MappingForm'
import { KIND_PATH, nodesOf, readEntry, verdict } from './mapping'
import { useReload } from './reload'
import classes from './mappings.module.css'

const KINDS = () => [
  { value: 'pci', label: i18n._('PCI devices') },
  { value: 'usb', label: i18n._('USB devices') },
  { value: 'dir', label: i18n._('Directories') },
].filter(({ value }) => offers(`get ${KIND_PATH[value as MappingKind]}`))

export function Mappings() {
  const [kind, setKind] = useState<MappingKind>((KINDS()[0]?.value as MappingKind | undefined) ?? 'pci')
  return <List key={kind} kind={kind} tools={<SegmentedControl aria-label={i18n._('Kind of mapping')} data={KINDS()} value={kind} onChange={(next) => setKind(next as MappingKind)} />} />
}

/** The mappings as each node that is there sees them. */
function useChecks(kind: MappingKind): ReadonlyMap<string, readonly Mapping[]> {
  const nodes = useNodes().filter((row) => row.status === 'online').map((row) => row.node ?? '')
  return useQueries({
    queries: nodes.map((node) => ({
      queryKey: [KIND_PATH[kind], { 'check-node': node }],
      queryFn: ({ signal }: { signal: AbortSignal }) => request('get', KIND_PATH[kind], { 'check-node': node }, signal) as Promise<Mapping[]>,
    })),
    combine: (answers) => new Map(answers.flatMap(({ data }, at): [string, Mapping[]][] => (data ? [[nodes[at] ?? '', data]] : []))),
  })
}

function List({ kind, tools }: { kind: MappingKind; tools: React.ReactNode }) {
  const query = useMappings(kind)
  const checked = useChecks(kind)
  const reload = useReload()
  const may = useMay(`/mapping/${kind}`)('Mapping.Modify')
  const columns = useMemo(() => columnsFor(checked), [checked])
  const never = !may && i18n._('This needs the privilege Mapping.Modify')
  const edit = (mapping?: Mapping) =>
    openDialog(mapping ? i18n._('Mapping {id}', { id: mapping.id }) : i18n._('Add mapping'), (close) => (
      <MappingForm kind={kind} mapping={mapping} done={() => { void reload('/cluster/mapping'); close() }} />
    ))
  return (
    <ManagedTable
      label={i18n._('Resource Mappings')}
      query={query}
      columns={columns}
      id={({ id }) => id}
      sort={[{ id: 'id', desc: false }]}
      empty={i18n._('No mappings yet: a mapping gives a device or a directory of each node one name, which guests use')}
      tools={tools}
      actions={[
        { label: i18n._('Add'), icon: IconPlus, all: () => edit(), never },
        { label: i18n._('Edit'), icon: IconPencil, one: edit, main: true, never },
        {
          label: i18n._('Remove'), icon: IconTrash, danger: true, never,
          one: ({ id }) => confirm({
            title: i18n._('Remove mapping {id}', { id }),
            text: i18n._('Guests that use {id} cannot start any more.', { id }),
            action: i18n._('Remove'),
            run: async () => {
              await request('delete', `${KIND_PATH[kind]}/{id}`, { id })
              await reload('/cluster/mapping')
            },
          }),
        },
      ]}
    />
  )
}

const columnsFor = (checked: ReadonlyMap<string, readonly Mapping[]>): Column<Mapping>[] => [
  { id: 'id', header: i18n._('Name'), accessorFn: ({ id }) => id, width: 160 },
  { id: 'nodes', header: i18n._('Nodes'), accessorFn: (mapping) => nodesOf(mapping).join(', '), width: 140 },
  { id: 'what', header: i18n._('Device or path'), accessorFn: ({ map }) => map.map((entry) => readEntry(entry).what).join('; ') },
  { id: 'checks', header: i18n._('Check'), accessorFn: (mapping) => verdict(mapping, checked).map(({ checks }) => checks?.map(({ message }) => message).join('; ') ?? '').join('; '), cell: ({ row }) => <Checks mapping={row.original} checked={checked} /> },
  { id: 'description', header: i18n._('Comment'), accessorFn: ({ description }) => description ?? '' },
]

/** What each node says of a mapping. */
function Checks({ mapping, checked }: { mapping: Mapping; checked: ReadonlyMap<string, readonly Mapping[]> }) {
  const nodes = verdict(mapping, checked)
  const wrong = nodes.flatMap(({ node, checks }) => (checks ?? []).map((one) => ({ ...one, node })))
  if (wrong.length > 0)
    return <>{wrong.map(({ node, severity, message }) => <span key={`${node} ${message}`} className={severity === 'error' ? classes.bad : classes.warn}>{`${node}: ${message} `}</span>)}</>
  if (nodes.some(({ checks }) => checks === undefined)) return <span className="dim">{i18n._('not checked')}</span>
  return <span className={classes.good}>{i18n._('OK')}</span>
}
