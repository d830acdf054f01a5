// Search over everything, by Ctrl K: guests, nodes, storages, pools, views of the current thing, and what can be done.
import { useMantineColorScheme } from '@mantine/core'
import '@mantine/spotlight/styles.css'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { IconArrowRight, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useResource } from '../api/resources'
import { useSession } from '../api/session'
import { i18n } from '../i18n'
import { ResourceIcon } from '../ui/parts'
import { offer, type Item } from './paletteItems'
import { hereOf, placeOf, type Known, type Place } from './places'
import { useKnown } from './known'
import { wordsOf } from './tree'
import classes from './Palette.module.css'

/** `asked` counts how often somebody wanted it open. */
export function Palette({ asked }: { asked: number }) {
  const [query, setQuery] = useState('')
  useEffect(() => spotlight.open(), [asked])
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      tagsToIgnore={[]}
      triggerOnContentEditable
      clearQueryOnClose
      scrollable
      maxHeight="min(60dvh, 520px)"
      size="lg"
      attributes={{ content: { 'aria-label': i18n._('Search') } }}
      // A blurred page behind it would be drawn anew with every letter.
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
    >
      <Spotlight.Search
        className={classes.search}
        aria-label={i18n._('Search guests, nodes, storages and actions')}
        placeholder={i18n._('Search, or say what to do: “start web-1”')}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Found query={query} />
    </Spotlight.Root>
  )
}

/** Only there while the palette is open. */
function Found({ query }: { query: string }) {
  const rows = useKnown((state) => state.rows)
  const mayCreate = useSession((state) => state.session?.cap.vms?.['VM.Allocate'] !== undefined)
  const { setColorScheme } = useMantineColorScheme()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  // Typing goes first; what is found follows.
  const words = useDeferredValue(query)
  const groups = useMemo(() => {
    const here = hereOf(pathname)
    const go = (place: Place) => void navigate(place as never)
    const openRow = (row: Known) => {
      const place = placeOf(row, here)
      if (place) go(place)
    }
    const partsOf = (node: string) => {
      const index = queries.getQueryData<{ subdir?: string }[]>([`/nodes/${encodeURIComponent(node)}`, {}])
      return index && new Set(index.map((one) => one.subdir ?? ''))
    }
    return offer({ rows, words: wordsOf(words), here, go, openRow, mayCreate, partsOf, setScheme: setColorScheme })
  }, [rows, words, pathname, navigate, mayCreate, setColorScheme, queries])
  return (
    <Spotlight.ActionsList aria-label={i18n._('Found')}>
      {groups.map((group) => (
        <Spotlight.ActionsGroup key={group.label} label={group.label}>
          {group.items.map((item) => <Action key={item.id} item={item} />)}
        </Spotlight.ActionsGroup>
      ))}
      {groups.length === 0 && <Spotlight.Empty>{i18n._('Nothing is called that.')}</Spotlight.Empty>}
    </Spotlight.ActionsList>
  )
}

function Action({ item }: { item: Item }) {
  return (
    <Spotlight.Action
      className={classes.action}
      onClick={() => {
        spotlight.close()
        item.run()
      }}
    >
      <span className={classes.icon}>{item.row ? <RowIcon row={item.row} /> : item.icon ? <item.icon size={17} stroke={1.6} aria-hidden /> : <IconArrowRight size={17} stroke={1.6} aria-hidden />}</span>
      <span className={classes.label}>{item.label}</span>
      {item.detail && <span className={classes.detail}>{item.detail}</span>}
    </Spotlight.Action>
  )
}

function RowIcon({ row }: { row: Known }) {
  const now = useResource(row.id)
  return <ResourceIcon row={now ?? row} size={17} />
}
