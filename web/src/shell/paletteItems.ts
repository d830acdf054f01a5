// What the palette offers for what was typed.
import type { MantineColorScheme } from '@mantine/core'
import { IconBox, IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, type Icon } from '@tabler/icons-react'
import { logout } from '../api/session'
import { isGuest, useResources, type Guest } from '../api/resources'
import { i18n, LANGUAGES, setLanguage, type Language } from '../i18n'
import type { Tab } from '../ui/Tabs'
import { tabs as datacenterTabs } from '../views/datacenter/tabs'
import { guestMenuItems } from '../views/guest/menu'
import { tabs as guestTabs } from '../views/guest/tabs'
import { tabs as nodeTabs } from '../views/node/tabs'
import { tabs as poolTabs } from '../views/pool/tabs'
import { tabs as storageTabs } from '../views/storage/tabs'
import { createContainer, createVm } from '../views/wizard/open'
import type { Here, Known, Place } from './places'
import { asCommand, findNamed, findRows } from './search'
import { SCHEMES, schemeName } from './settings'
import { labelOf } from './tree'
import { attempt } from '../ui/notify'

export interface Item {
  id: string
  label: string
  detail?: string
  /** A resource whose icon it gets, or an icon. */
  row?: Known
  icon?: Icon
  also?: string
  run: () => void
}

export interface Group {
  label: string
  items: Item[]
}

export interface Offer {
  rows: readonly Known[]
  words: readonly string[]
  here: Here | null
  go: (place: Place) => void
  openRow: (row: Known) => void
  mayCreate: boolean
  /** Parts of a node's API, as far as they are known: some of its tabs depend on them. */
  partsOf: (node: string) => ReadonlySet<string> | undefined
  setScheme: (scheme: MantineColorScheme) => void
}

const GUESTS = 8
const OTHERS = 6
const ACTIONS = 8
const VIEWS = 8

export function offer(what: Offer): Group[] {
  const { rows, words, openRow } = what
  const open = (row: Known): Item => ({
    id: row.id,
    label: labelOf(row, 'vmid', true),
    detail: isOfGuest(row) ? [row.node, row.tags?.replaceAll(';', ' ')].filter(Boolean).join(' · ') : kindName(row),
    row,
    run: () => openRow(row),
  })
  const others = (row: Known) => row.type === 'node' || row.type === 'storage' || row.type === 'pool'
  const groups: Group[] = [
    { label: i18n._('Guests'), items: findRows(rows, words, GUESTS, isOfGuest).map(open) },
    { label: i18n._('Do'), items: doings(what) },
    { label: i18n._('Nodes, storages and pools'), items: findRows(rows, words, OTHERS, others).map(open) },
    { label: i18n._('Views'), items: findNamed(views(what), words, VIEWS) },
    { label: i18n._('Actions'), items: findNamed(general(what), words, ACTIONS) },
  ]
  return groups.filter((group) => group.items.length > 0)
}

const isOfGuest = (row: Known) => row.type === 'qemu' || row.type === 'lxc'

function kindName(row: Known): string {
  switch (row.type) {
    case 'node': return i18n._('Node')
    case 'storage': return i18n._('Storage')
    default: return i18n._('Pool')
  }
}

/** The row with its state of now. */
function guestOf(row: Known | undefined): Guest | undefined {
  const now = row && useResources.getState().rows.get(row.id)
  return now && isGuest(now) ? now : undefined
}

function actionsOf(guest: Guest): Item[] {
  return guestMenuItems(guest)
    .filter((item) => !item.disabled)
    .map((item) => ({
      id: `${guest.id}/${item.id}`,
      label: `${item.label}: ${labelOf(guest, 'vmid')}`,
      icon: item.icon,
      run: item.run,
    }))
}

/** "start web": things to do with guests; else what can be done with the guest of this page or the one that is meant. */
function doings({ rows, words, here }: Offer): Item[] {
  const current = here?.kind === 'guest' ? guestOf(rows.find((row) => isOfGuest(row) && String(row.vmid) === here.name)) : undefined
  if (words.length === 0) return current ? actionsOf(current).slice(0, ACTIONS) : []
  const verbs = new Set<string>()
  const items: Item[] = []
  for (const row of findRows(rows, words, 1, isOfGuest)) {
    const guest = guestOf(row)
    if (guest) items.push(...actionsOf(guest).slice(0, 3))
  }
  if (current) items.push(...findNamed(actionsOf(current), words, ACTIONS))
  for (const label of [i18n._('Start'), i18n._('Shutdown'), i18n._('Reboot'), i18n._('Stop'), i18n._('Console'), i18n._('Clone')]) verbs.add(label)
  for (const { verb, rest } of asCommand(words, [...verbs]))
    for (const row of findRows(rows, rest, 4, isOfGuest)) {
      const guest = guestOf(row)
      if (guest) items.push(...actionsOf(guest).filter((item) => item.label.startsWith(`${verb}:`)))
    }
  return [...new Map(items.map((item) => [item.id, item])).values()].slice(0, ACTIONS)
}

/** Tabs of what the page is about. */
function views({ rows, here, go, partsOf }: Offer): Item[] {
  if (!here) return []
  const [node = '', storage = ''] = here.name.split('/')
  const list = <P extends object>(tabs: readonly Tab<P>[], of: P, to: string, params: Record<string, string>): Item[] =>
    tabs.filter((tab) => tab.when?.(of) ?? true).map((tab) => ({
      id: `view/${tab.id}`,
      label: tab.label(),
      detail: here.kind === 'dc' ? i18n._('Datacenter') : here.name,
      icon: tab.icon,
      run: () => go({ to, params: { ...params, tab: tab.id } }),
    }))
  switch (here.kind) {
    case 'dc': return list(datacenterTabs, {}, '/dc/$tab', {})
    case 'node': return list(nodeTabs, { node: here.name, parts: partsOf(here.name) }, '/node/$node/$tab', { node: here.name })
    case 'storage': return list(storageTabs, { node, storage, contents: useResources.getState().rows.get(`storage/${here.name}`)?.content ?? '' }, '/storage/$node/$storage/$tab', { node, storage })
    case 'pool': return list(poolTabs, { pool: here.name }, '/pool/$pool/$tab', { pool: here.name })
    default: {
      const guest = guestOf(rows.find((row) => isOfGuest(row) && String(row.vmid) === here.name))
      return guest ? list(guestTabs, { guest }, '/guest/$vmid/$tab', { vmid: here.name }) : []
    }
  }
}

function general({ mayCreate, setScheme }: Offer): Item[] {
  return [
    ...(mayCreate
      ? [
          { id: 'create-vm', label: i18n._('Create VM'), also: 'new', icon: IconDeviceDesktop, run: () => createVm() },
          { id: 'create-ct', label: i18n._('Create container'), also: 'new ct lxc', icon: IconBox, run: () => createContainer() },
        ]
      : []),
    ...SCHEMES.map((scheme) => ({ id: `scheme-${scheme}`, label: i18n._('Theme: {name}', { name: schemeName(scheme) }), also: scheme, icon: IconMoon, run: () => setScheme(scheme) })),
    ...(Object.entries(LANGUAGES) as [Language, string][]).map(([language, name]) => ({
      id: `language-${language}`, label: i18n._('Language: {name}', { name }), also: `${language} language`, icon: IconLanguage, run: () => void setLanguage(language, true),
    })),
    { id: 'logout', label: i18n._('Log out'), also: 'logout quit exit', icon: IconLogout, run: () => void attempt(i18n._('Log out'), logout) },
  ]
}
