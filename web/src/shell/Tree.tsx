// The tree of all resources. Only the lines in sight are drawn, and a line only anew when something in it changes.
import { ActionIcon, Menu, Select, Skeleton, TextInput } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconSearch, IconSortAscending2, IconX } from '@tabler/icons-react'
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { loadResources, useResources } from '../api/resources'
import { i18n } from '../i18n'
import { NARROW } from '../ui/DataTable'
import { Problem } from '../ui/parts'
import { ContextMenu, type MenuAt } from './ContextMenu'
import { useKnown } from './known'
import { DATACENTER, hereOf, isHere, placeOf, type Known } from './places'
import { buildTree, linesOf, step, typeAhead, type Line, type SortBy, type TreeView } from './tree'
import { nameOf, TreeLine } from './TreeLine'
import classes from './Tree.module.css'

const LINE_PX = 26
const TOUCH_LINE_PX = 44
/** Letters that follow each other within this time are one word. */
const TYPING_MS = 700

export function Tree() {
  const [view, setView] = useLocalStorage<TreeView>({ key: 'pleiad.tree.view', defaultValue: 'server', getInitialValueInEffect: false })
  const [sort, setSort] = useLocalStorage<SortBy>({ key: 'pleiad.tree.sort', defaultValue: 'vmid', getInitialValueInEffect: false })
  const [search, setSearch] = useState('')
  const views: { value: TreeView; label: string }[] = [
    { value: 'server', label: i18n._('Server view') },
    { value: 'folder', label: i18n._('Folder view') },
    { value: 'pool', label: i18n._('Pool view') },
    { value: 'tag', label: i18n._('Tag view') },
  ]
  return (
    <>
      <div className={classes.head}>
        <Select className={classes.view} aria-label={i18n._('View of the tree')} data={views} value={view} allowDeselect={false} onChange={(value) => value && setView(value as TreeView)} />
        <SortMenu sort={sort} setSort={setSort} />
        <TextInput
          className={classes.search}
          aria-label={i18n._('Filter the tree')}
          placeholder={i18n._('Filter')}
          leftSection={<IconSearch size={14} />}
          rightSection={search && <ActionIcon size="sm" aria-label={i18n._('Clear the filter')} onClick={() => setSearch('')}><IconX size={13} /></ActionIcon>}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
        />
      </div>
      <Lines view={view} sort={sort} search={search} />
    </>
  )
}

function SortMenu({ sort, setSort }: { sort: SortBy; setSort: (sort: SortBy) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={i18n._('Order of the tree')}><IconSortAscending2 size={16} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={sort} onChange={(by) => setSort(by as SortBy)}>
          <Menu.RadioItem value="vmid">{i18n._('Sort by ID')}</Menu.RadioItem>
          <Menu.RadioItem value="name">{i18n._('Sort by name')}</Menu.RadioItem>
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Which branches are closed, kept for the next visit. */
function useClosed() {
  const [keys, setKeys] = useLocalStorage<string[]>({ key: 'pleiad.tree.closed', defaultValue: [], getInitialValueInEffect: false })
  const closed = useMemo(() => new Set(keys), [keys])
  const toggle = useCallback(
    (key: string) => setKeys((old) => (old.includes(key) ? old.filter((one) => one !== key) : [...old, key])),
    [setKeys],
  )
  return [closed, toggle] as const
}

function Lines({ view, sort, search }: { view: TreeView; sort: SortBy; search: string }) {
  const rows = useKnown((state) => state.rows)
  const loaded = useResources((state) => state.loaded)
  const error = useResources((state) => state.error)
  const [closed, toggle] = useClosed()
  const tree = useMemo(() => buildTree(rows, view, sort), [rows, view, sort])
  const lines = useMemo(() => linesOf(tree, closed, search), [tree, closed, search])
  if (!loaded && error) return <Problem error={error} retry={() => void loadResources()} />
  if (!loaded)
    return <div className={classes.loading} role="status" aria-busy="true" aria-label={i18n._('Loading')}>{Array.from({ length: 8 }, (_, line) => <Skeleton key={line} height={14} my={12} />)}</div>
  return (
    <>
      <TreeBox lines={lines} toggle={toggle} searching={search.trim() !== ''} />
      {search.trim() !== '' && lines.length <= 1 && <p className={classes.nothing} role="status">{i18n._('Nothing is called that.')}</p>}
    </>
  )
}

interface BoxProps {
  lines: readonly Line[]
  toggle: (key: string) => void
  searching: boolean
}

function TreeBox({ lines, toggle, searching }: BoxProps) {
  const narrow = useMediaQuery(NARROW) ?? false
  const height = narrow ? TOUCH_LINE_PX : LINE_PX
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const here = useMemo(() => hereOf(pathname), [pathname])
  const box = useRef<HTMLDivElement>(null)
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const [menu, setMenu] = useState<MenuAt | null>(null)
  const current = useMemo(() => lines.findIndex((line) => isHere(line.branch.row ?? (line.branch.kind === 'root' ? DATACENTER : NOTHING), here)), [lines, here])
  const found = useMemo(() => (activeKey === null ? -1 : lines.findIndex((line) => line.branch.key === activeKey)), [lines, activeKey])
  const active = found >= 0 ? found : Math.max(0, current)
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => height, overscan: 12, getItemKey: (index) => lines[index]?.branch.key ?? index })
  useEffect(() => virtual.measure(), [height, virtual])
  // The page that was gone to is in sight, unless one went there from here.
  useEffect(() => {
    if (current >= 0 && activeKey === null) virtual.scrollToIndex(current, { align: 'auto' })
    // oxlint-disable-next-line react/exhaustive-deps -- only when the page changes
  }, [pathname])
  const goTo = (index: number) => {
    setActiveKey(lines[index]?.branch.key ?? null)
    virtual.scrollToIndex(index, { align: 'auto' })
  }
  const open = (line: Line) => {
    const target = line.branch.kind === 'root' ? DATACENTER : line.branch.row
    const place = target && placeOf(target, here)
    if (place) void navigate(place as never)
    else if (!searching) toggle(line.branch.key)
  }
  const showMenu = (line: Line, at: { x: number; y: number }) => {
    const row = line.branch.row
    if (row && row.type !== 'pool') setMenu({ id: row.id, ...at })
  }
  const keys = useTreeKeys({ lines, active, goTo, open, searching, toggle, showMenu, box, page: Math.floor((box.current?.clientHeight ?? 260) / height) })
  const lineAt = (event: MouseEvent) => {
    const index = (event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index')
    return index ? lines[Number(index)] : undefined
  }
  return (
    <>
      <div
        ref={box}
        className={classes.box}
        role="tree"
        aria-label={i18n._('Resources')}
        tabIndex={0}
        aria-activedescendant={lines[active] ? idOf(active) : undefined}
        onKeyDown={keys}
        onClick={(event) => {
          const line = lineAt(event)
          if (!line) return
          setActiveKey(line.branch.key)
          if ((event.target as HTMLElement).closest('[data-twist]')) {
            event.preventDefault()
            if (!searching) toggle(line.branch.key)
          } else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault()
            open(line)
          }
        }}
        onContextMenu={(event) => {
          const line = lineAt(event)
          if (!line?.branch.row || line.branch.row.type === 'pool') return
          event.preventDefault()
          setActiveKey(line.branch.key)
          showMenu(line, { x: event.clientX, y: event.clientY })
        }}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]
            return line && (
              <TreeLine key={item.key} id={idOf(item.index)} index={item.index} line={line} top={item.start} height={height} here={here} current={item.index === current} active={item.index === active} />
            )
          })}
        </div>
      </div>
      {menu && <ContextMenu at={menu} close={() => { setMenu(null); box.current?.focus() }} />}
    </>
  )
}

const NOTHING: Known = { id: '', type: 'none' }
const idOf = (index: number) => `tree-line-${index}`

interface Keys {
  lines: readonly Line[]
  active: number
  goTo: (index: number) => void
  open: (line: Line) => void
  toggle: (key: string) => void
  searching: boolean
  showMenu: (line: Line, at: { x: number; y: number }) => void
  box: { readonly current: HTMLElement | null }
  page: number
}

/** What keys do: arrows, Home and End, Enter, letters, and the menu key. */
function useTreeKeys({ lines, active, goTo, open, toggle, searching, showMenu, box, page }: Keys) {
  const typing = useRef({ text: '', until: 0 })
  return (event: KeyboardEvent) => {
    const line = lines[active]
    if (!line) return
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const at = box.current?.querySelector(`#${idOf(active)}`)?.getBoundingClientRect()
      // After this key has gone its way: an open menu takes keys outside of it for a wish to close it.
      setTimeout(() => showMenu(line, { x: (at?.left ?? 0) + 24, y: at?.bottom ?? 0 }))
    } else if (event.ctrlKey || event.metaKey || event.altKey) return
    else if (event.key === 'Enter') open(line)
    else if (event.key === ' ') {
      if (line.open !== undefined && !searching) toggle(line.branch.key)
    } else if (event.key.length === 1) {
      const now = Date.now()
      typing.current = { text: (now < typing.current.until ? typing.current.text : '') + event.key, until: now + TYPING_MS }
      const to = typeAhead(lines, active, typing.current.text, nameOf)
      if (to !== null) goTo(to)
    } else {
      const what = step(lines, active, event.key, page)
      if (!what) return
      if ('to' in what) goTo(what.to)
      else if (!searching) toggle(line.branch.key)
    }
    event.preventDefault()
  }
}
