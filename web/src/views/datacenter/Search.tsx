// Everything there is in one table: searched as one types, filtered by the address, and acted on together.
import { Button, Checkbox, Select, Skeleton, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlayerPlay, IconPlayerStop, IconPower, IconSearch, IconX } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { createContext, memo, use, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { create } from 'zustand'
import { isGuest, useResources, type Guest, type Resource } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes, duration, percent, share } from '../../lib/format'
import { tagColours, type TagStyle } from '../../shell/tagColours'
import { useTagStyle } from '../../shell/Tags'
import { ActButton } from '../../ui/ActButton'
import { DataTable, NARROW, type Column } from '../../ui/DataTable'
import { Problem, ResourceIcon } from '../../ui/parts'
import { confirmBulk, type BulkAction } from './bulk'
import { guestMemory } from '../guest/summary/memory'
import { ResourceLink, useOpen } from './links'
import { filterOf, matcher, searchOf, stateName, STATES, tagsOf, type Filter } from './search'
import classes from './Search.module.css'

/** The guests that the filter lets through. */
const ShownGuests = createContext<readonly Guest[]>([])

/** Which guests are chosen. Boxes read it by themselves: a row is not drawn again when another one is chosen. */
const useChosen = create<{ chosen: ReadonlySet<string> }>(() => ({ chosen: new Set() }))
const choose = (chosen: ReadonlySet<string>) => useChosen.setState({ chosen })

function toggle(id: string) {
  const next = new Set(useChosen.getState().chosen)
  if (!next.delete(id)) next.add(id)
  choose(next)
}

export function Search() {
  const { rows, loaded, error } = useResources()
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const filter = useMemo(() => filterOf(search), [search])
  const [text, setText] = useState(filter.text)
  const open = useOpen()
  // Once for all rows.
  const style = useTagStyle()
  const narrow = useMediaQuery(NARROW) ?? false
  const all = useMemo(() => [...rows.values()].filter((row) => row.type !== 'network' && row.type !== 'sdn'), [rows])
  // The field shows each letter at once; the table follows.
  const wanted = useDeferredValue(text)
  const match = useMemo(() => matcher({ ...filter, text: wanted }), [filter, wanted])
  const shown = useMemo(() => all.filter(match), [all, match])
  const guests = useMemo(() => shown.filter(isGuest), [shown])
  const refine = (part: Partial<Filter>) => void navigate({ to: '.', search: searchOf({ ...filter, text, ...part }) as never, replace: true })
  const columns = useMemo(() => columnsFor(style).slice(narrow ? 1 : 0), [style, narrow])
  useEffect(() => () => choose(new Set()), [])
  if (!loaded) return error ? <Problem error={error} /> : <Skeleton height={400} role="status" aria-label={i18n._('Loading')} />
  return (
    <ShownGuests.Provider value={guests}>
      <DataTable
        label={i18n._('Resources')}
        rows={all}
        match={match}
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
            <Filters all={all} filter={filter} text={wanted} />
            {(text !== '' || Object.values(filter).some((value) => value !== '')) && (
              <Button variant="subtle" leftSection={<IconX size={14} aria-hidden />} onClick={() => { setText(''); void navigate({ to: '.', search: {} as never, replace: true }) }}>{i18n._('Clear')}</Button>
            )}
            <span className={classes.count} role="status">{i18n._('{shown} of {all}', { shown: shown.length, all: all.length })}</span>
            <Bulk />
          </>
        }
      />
    </ShownGuests.Provider>
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

/** Fields for all but the text. They stay as they are while one types. */
const Filters = memo(function Filters({ all, filter, text }: { all: readonly Resource[]; filter: Filter; text: string }) {
  const navigate = useNavigate()
  const refine = (part: Partial<Filter>) => void navigate({ to: '.', search: searchOf({ ...filter, text, ...part }) as never, replace: true })
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
})

/** What can be done with all chosen guests; nothing while none is. */
function Bulk() {
  const chosen = useChosen((state) => state.chosen)
  const guests = use(ShownGuests).filter((guest) => chosen.has(guest.id))
  const done = () => choose(new Set())
  if (guests.length === 0) return null
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

/** Chooses all shown guests, or none. */
function ChooseAll() {
  const chosen = useChosen((state) => state.chosen)
  const guests = use(ShownGuests)
  const count = chosen.size === 0 ? 0 : guests.filter((guest) => chosen.has(guest.id)).length
  const all = count > 0 && count === guests.length
  return <Checkbox aria-label={i18n._('Choose all shown guests')} checked={all} indeterminate={count > 0 && !all} disabled={guests.length === 0} onChange={() => choose(new Set(all ? [] : guests.map((guest) => guest.id)))} />
}

/** The browser's own box: one of the kit's in each of many rows makes scrolling slow. */
function Choose({ guest }: { guest: Guest }) {
  const checked = useChosen((state) => state.chosen.has(guest.id))
  return <input type="checkbox" className={classes.box} aria-label={i18n._('Choose {id}', { id: guest.vmid })} checked={checked} onChange={() => toggle(guest.id)} onClick={(event) => event.stopPropagation()} />
}

function columnsFor(style: TagStyle): Column<Resource>[] {
  return [
    {
      id: 'chosen',
      header: () => <ChooseAll />,
      enableSorting: false,
      cell: ({ row: { original: row } }) => isGuest(row) && <Choose guest={row} />,
      width: 36,
    },
    {
      id: 'type',
      header: i18n._('Name'),
      accessorFn: (row) => `${ORDER.indexOf(row.type)} ${String(row.vmid ?? '').padStart(9, '0')} ${row.name ?? row.storage ?? row.pool ?? row.node ?? row.id}`,
      cell: ({ row: { original: row } }) => (
        <>
          <ResourceIcon row={row} />{' '}
          <ResourceLink row={row}>{[row.vmid, row.name ?? row.storage ?? row.pool ?? row.node].filter((part) => part !== undefined).join(' ')}</ResourceLink>
        </>
      ),
      width: 160,
      grow: 2,
    },
    { id: 'node', header: i18n._('Node'), accessorFn: (row) => row.node ?? '', width: 70 },
    { id: 'state', header: i18n._('State'), accessorFn: (row) => filterStateName(stateName(row)), cell: ({ row: { original: row }, getValue }) => (row.lock ? `${String(getValue())} (${row.lock})` : String(getValue())), width: 84 },
    { id: 'cpu', header: i18n._('CPU'), accessorFn: (row) => (row.cpu === undefined || row.status === 'stopped' || row.type === 'pool' ? null : row.cpu), cell: ({ getValue }) => (getValue() === null ? '' : percent(Number(getValue()))), numeric: true, width: 60 },
    { id: 'mem', header: i18n._('Memory'), accessorFn: (row) => guestMemory(row) || null, cell: ({ row }) => (row.original.mem ? `${percent(share(guestMemory(row.original), row.original.maxmem))} · ${bytes(guestMemory(row.original))}` : ''), numeric: true, width: 124 },
    { id: 'disk', header: i18n._('Disk'), accessorFn: (row) => row.maxdisk || null, cell: ({ row: { original: row } }) => (row.maxdisk ? (row.disk ? `${percent(share(row.disk, row.maxdisk))} · ${bytes(row.maxdisk)}` : bytes(row.maxdisk)) : ''), numeric: true, width: 112 },
    { id: 'uptime', header: i18n._('Uptime'), accessorFn: (row) => row.uptime || null, cell: ({ row }) => (row.original.uptime ? duration(row.original.uptime) : ''), numeric: true, width: 88 },
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
    { id: 'pool', header: i18n._('Pool'), accessorFn: (row) => (row.type === 'pool' ? '' : (row.pool ?? '')), width: 88, grow: 1 },
  ]
}
