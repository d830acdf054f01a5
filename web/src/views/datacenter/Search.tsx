// Everything there is in one table: searched as one types, filtered by the address, and acted on together.
import { Button, Checkbox, Select, Skeleton, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlayerPlay, IconPlayerStop, IconPower, IconSearch, IconX } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { isGuest, useResources, type Guest, type Resource } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes, duration, percent, share } from '../../lib/format'
import { tagColours, type TagStyle } from '../../shell/tagColours'
import { useTagStyle } from '../../shell/Tags'
import { ActButton } from '../../ui/ActButton'
import { DataTable, NARROW, type Column } from '../../ui/DataTable'
import { Problem, ResourceIcon } from '../../ui/parts'
import { confirmBulk, type BulkAction } from './bulk'
import { ResourceLink, useOpen } from './links'
import { filterOf, matching, searchOf, stateName, STATES, tagsOf, type Filter } from './search'
import classes from './Search.module.css'

export function Search() {
  const { rows, loaded, error } = useResources()
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const filter = useMemo(() => filterOf(search), [search])
  const [text, setText] = useState(filter.text)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const open = useOpen()
  // Once for all rows.
  const style = useTagStyle()
  const narrow = useMediaQuery(NARROW) ?? false
  const all = useMemo(() => [...rows.values()].filter((row) => row.type !== 'network' && row.type !== 'sdn'), [rows])
  const wanted = useDeferredValue(useMemo(() => ({ ...filter, text }), [filter, text]))
  const shown = useMemo(() => matching(all, wanted), [all, wanted])
  const refine = (part: Partial<Filter>) =>
    void navigate({ to: '.', search: searchOf({ ...filter, text, ...part }) as never, replace: true })
  const toggle = useCallback((id: string) => setChosen((old) => {
    const next = new Set(old)
    if (!next.delete(id)) next.add(id)
    return next
  }), [])
  const guests = useMemo(() => shown.filter(isGuest), [shown])
  const picked = guests.filter((guest) => chosen.has(guest.id))
  const toggleAll = useCallback(() => setChosen((old) => (guests.every((guest) => old.has(guest.id)) ? new Set() : new Set(guests.map((guest) => guest.id)))), [guests])
  const columns = useMemo(() => columnsFor(chosen, toggle, toggleAll, guests, style).slice(narrow ? 1 : 0), [chosen, toggle, toggleAll, guests, style, narrow])
  if (!loaded) return error ? <Problem error={error} /> : <Skeleton height={400} role="status" aria-label={i18n._('Loading')} />
  return (
    <DataTable
      label={i18n._('Resources')}
      rows={shown}
      columns={columns}
      id={(row) => row.id}
      onOpen={open}
      sort={[{ id: 'type', desc: false }]}
      empty={i18n._('Nothing matches. Take away a filter, or search for something shorter.')}
      tools={
        <>
          <TextInput
            className={classes.text}
            aria-label={i18n._('Search resources')}
            placeholder={i18n._('ID, name, node, tag …')}
            leftSection={<IconSearch size={14} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => text !== filter.text && refine({})}
          />
          <Filters all={all} filter={filter} refine={refine} />
          {(text !== '' || Object.values(filter).some((value) => value !== '')) && (
            <Button variant="subtle" leftSection={<IconX size={14} aria-hidden />} onClick={() => { setText(''); void navigate({ to: '.', search: {} as never, replace: true }) }}>{i18n._('Clear')}</Button>
          )}
          <span className={classes.count} role="status">{i18n._('{shown} of {all}', { shown: shown.length, all: all.length })}</span>
          {picked.length > 0 && <Bulk guests={picked} done={() => setChosen(new Set())} />}
        </>
      }
    />
  )
}

function typeName(type: string): string {
  switch (type) {
    case 'guest': return i18n._('Guests')
    case 'qemu': return i18n._('Virtual machines')
    case 'lxc': return i18n._('Containers')
    case 'node': return i18n._('Nodes')
    case 'storage': return i18n._('Storages')
    case 'pool': return i18n._('Pools')
    default: return type
  }
}

function filterStateName(state: (typeof STATES)[number] | ''): string {
  switch (state) {
    case '': return ''
    case 'running': return i18n._('running')
    case 'paused': return i18n._('paused')
    case 'stopped': return i18n._('stopped')
    case 'template': return i18n._('template')
    case 'unknown': return i18n._('unknown')
    case 'online': return i18n._('online')
    case 'offline': return i18n._('offline')
    case 'active': return i18n._('active')
    case 'inactive': return i18n._('not active')
  }
}

function Filters({ all, filter, refine }: { all: readonly Resource[]; filter: Filter; refine: (part: Partial<Filter>) => void }) {
  const tags = useMemo(() => [...new Set(all.flatMap(tagsOf))].sort(), [all])
  const pools = useMemo(() => [...new Set(all.flatMap((row) => (row.pool ? [row.pool] : [])))].sort(), [all])
  const common = { clearable: true, className: classes.filter } as const
  return (
    <>
      <Select {...common} aria-label={i18n._('Type')} placeholder={i18n._('All types')} data={['guest', 'qemu', 'lxc', 'node', 'storage'].map((value) => ({ value, label: typeName(value) }))} value={filter.type || null} onChange={(type) => refine({ type: type ?? '' })} />
      <Select {...common} aria-label={i18n._('State')} placeholder={i18n._('All states')} data={STATES.map((value) => ({ value, label: filterStateName(value) }))} value={filter.state || null} onChange={(state) => refine({ state: state ?? '' })} />
      {tags.length > 0 && <Select {...common} aria-label={i18n._('Tag')} placeholder={i18n._('All tags')} data={tags} searchable limit={100} value={filter.tag || null} onChange={(tag) => refine({ tag: tag ?? '' })} />}
      {pools.length > 0 && <Select {...common} aria-label={i18n._('Pool')} placeholder={i18n._('All pools')} data={pools} searchable limit={100} value={filter.pool || null} onChange={(pool) => refine({ pool: pool ?? '' })} />}
    </>
  )
}

function Bulk({ guests, done }: { guests: Guest[]; done: () => void }) {
  const act = (action: BulkAction) => confirmBulk(action, guests, done)
  return (
    <div className={classes.bulk} role="group" aria-label={i18n._('Chosen guests')}>
      <span>{i18n._('{n, plural, one {# guest chosen} other {# guests chosen}}', { n: guests.length })}</span>
      <ActButton icon={IconPlayerPlay} onClick={() => act('start')}>{i18n._('Start')}</ActButton>
      <ActButton icon={IconPower} onClick={() => act('shutdown')}>{i18n._('Shutdown')}</ActButton>
      <ActButton icon={IconPlayerStop} color="red" variant="light" onClick={() => act('stop')}>{i18n._('Stop')}</ActButton>
      <Button variant="subtle" onClick={done}>{i18n._('Choose none')}</Button>
    </div>
  )
}

const ORDER = ['node', 'qemu', 'lxc', 'storage', 'pool']

function columnsFor(chosen: ReadonlySet<string>, toggle: (id: string) => void, toggleAll: () => void, guests: readonly Guest[], style: TagStyle): Column<Resource>[] {
  const count = guests.reduce((sum, guest) => sum + Number(chosen.has(guest.id)), 0)
  return [
    {
      id: 'chosen',
      header: () => (
        <Checkbox aria-label={i18n._('Choose all shown guests')} checked={count > 0 && count === guests.length} indeterminate={count > 0 && count < guests.length} disabled={guests.length === 0} onChange={toggleAll} onClick={(event) => event.stopPropagation()} />
      ),
      enableSorting: false,
      cell: ({ row: { original: row } }) =>
        // The browser's own: one of the kit's in each of many rows makes scrolling slow.
        isGuest(row) && <input type="checkbox" className={classes.box} aria-label={i18n._('Choose {id}', { id: row.vmid })} checked={chosen.has(row.id)} onChange={() => toggle(row.id)} onClick={(event) => event.stopPropagation()} />,
      width: 38,
    },
    {
      id: 'type',
      header: i18n._('Name'),
      accessorFn: (row) => `${ORDER.indexOf(row.type)} ${String(row.vmid ?? '').padStart(9, '0')} ${row.name ?? row.storage ?? row.pool ?? row.node ?? row.id}`,
      cell: ({ row: { original: row } }) => (
        <span title={row.id}>
          <ResourceIcon row={row} />{' '}
          <ResourceLink row={row}>
            {row.vmid !== undefined && <span className={classes.id}>{row.vmid}</span>} {row.name ?? row.storage ?? row.pool ?? row.node}
          </ResourceLink>
        </span>
      ),
      width: 165,
    },
    { id: 'node', header: i18n._('Node'), accessorFn: (row) => row.node ?? '', width: 75 },
    { id: 'state', header: i18n._('State'), accessorFn: (row) => filterStateName(stateName(row)), cell: ({ row: { original: row }, getValue }) => (row.lock ? `${String(getValue())} (${row.lock})` : String(getValue())), width: 104 },
    { id: 'cpu', header: i18n._('CPU'), accessorFn: (row) => (row.cpu === undefined || row.status === 'stopped' || row.type === 'pool' ? null : row.cpu), cell: ({ getValue }) => (getValue() === null ? '' : percent(Number(getValue()))), numeric: true, width: 62 },
    { id: 'mem', header: i18n._('Memory'), accessorFn: (row) => row.mem || null, cell: ({ row }) => (row.original.mem ? `${percent(share(row.original.mem, row.original.maxmem))} · ${bytes(row.original.mem)}` : ''), numeric: true, width: 120 },
    { id: 'disk', header: i18n._('Disk'), accessorFn: (row) => row.maxdisk || null, cell: ({ row: { original: row } }) => (row.maxdisk ? (row.disk ? `${percent(share(row.disk, row.maxdisk))} · ${bytes(row.maxdisk)}` : bytes(row.maxdisk)) : ''), numeric: true, width: 122 },
    { id: 'uptime', header: i18n._('Uptime'), accessorFn: (row) => row.uptime || null, cell: ({ row }) => (row.original.uptime ? duration(row.original.uptime) : ''), numeric: true, width: 95 },
    {
      id: 'tags',
      header: i18n._('Tags'),
      accessorFn: (row) => tagsOf(row).join(', '),
      cell: ({ row: { original: row } }) =>
        tagsOf(row).map((tag) => {
          const { background, text } = tagColours(tag, style)
          return <span key={tag} className={classes.tag} style={{ background, color: text }}>{tag}</span>
        }),
    },
    { id: 'pool', header: i18n._('Pool'), accessorFn: (row) => row.pool ?? '', width: 85 },
  ]
}
