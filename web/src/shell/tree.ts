// The tree of all resources: which groups there are, in what order, and which of them are in sight. Nothing is drawn here.
import { DATACENTER, type Known } from './places'

export type TreeView = 'server' | 'folder' | 'pool' | 'tag'
export type SortBy = 'vmid' | 'name'

export interface Branch {
  /** Unique in the tree; what is remembered of closed branches. */
  key: string
  kind: 'root' | 'group' | 'resource'
  /** What it is called; groups that have no name of their own are named where they are drawn. */
  label: string
  /** Its resource, where it stands for one. */
  row?: Known
  /** Which group of `folder`, or which group of what is left over. */
  group?: 'nodes' | 'qemu' | 'lxc' | 'storage' | 'pools' | 'tag' | 'no-pool' | 'no-tag'
  children?: Branch[]
}

/** A line of the tree, as it is drawn. */
export interface Line {
  branch: Branch
  depth: number
  /** `undefined` where there is nothing to open. */
  open: boolean | undefined
  /** Guests below it. */
  guests: number
  /** Its number among its siblings, from 1, and how many those are. */
  position: number
  siblings: number
  /** Line of what it is in; -1 for the root. */
  parent: number
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const isGuest = (row: Known) => row.type === 'qemu' || row.type === 'lxc'

/** Tags of a guest. */
export const tagsOf = (tags: string | undefined) => (tags ? tags.split(/[;, ]+/).filter(Boolean) : [])

/** What a resource is called in the tree. */
export function labelOf(row: Known, by: SortBy, withNode = false): string {
  if (isGuest(row)) {
    if (!row.name) return String(row.vmid)
    return by === 'name' ? `${row.name} (${row.vmid})` : `${row.vmid} (${row.name})`
  }
  if (row.type === 'storage') return withNode ? `${row.storage} (${row.node})` : (row.storage ?? row.id)
  return (row.type === 'pool' ? row.pool : row.node) ?? row.id
}

/** Guests in their order: templates last, as what does not run. */
function compareGuests(by: SortBy) {
  return (a: Known, b: Known) =>
    (a.template ?? 0) - (b.template ?? 0) ||
    (by === 'name' && a.name !== b.name ? collator.compare(a.name ?? '', b.name ?? '') : 0) ||
    (a.vmid ?? 0) - (b.vmid ?? 0)
}

const byLabel = (a: Branch, b: Branch) => collator.compare(a.label, b.label)

/** The whole tree of a view. */
export function buildTree(rows: readonly Known[], view: TreeView, by: SortBy): Branch {
  const of = (type: string) => rows.filter((row) => row.type === type)
  const guests = rows.filter(isGuest).sort(compareGuests(by))
  const leaf = (prefix: string, withNode = false) => (row: Known): Branch => ({
    key: `${prefix}/${row.id}`, kind: 'resource', label: labelOf(row, by, withNode), row,
  })
  const resource = (row: Known, children: Branch[]): Branch => ({ ...leaf(view)(row), children })
  const root = (children: Branch[]): Branch => ({ key: DATACENTER, kind: 'root', label: '', children })
  switch (view) {
    case 'server': {
      const perNode = groupBy([...guests, ...of('storage')], (row) => [row.node ?? ''])
      const nodes = of('node').map((node) => {
        const inside = perNode.get(node.node ?? '') ?? []
        return resource(node, [
          ...inside.filter(isGuest).map(leaf('server')),
          ...inside.filter((row) => !isGuest(row)).map(leaf('server')).sort(byLabel),
        ])
      })
      return root([...nodes.sort(byLabel), ...of('pool').map(leaf('server')).sort(byLabel)])
    }
    case 'folder': {
      const folder = (group: NonNullable<Branch['group']>, children: Branch[]): Branch[] =>
        children.length > 0 ? [{ key: `folder:${group}`, kind: 'group', label: '', group, children }] : []
      return root([
        ...folder('nodes', of('node').map(leaf('folder')).sort(byLabel)),
        ...folder('qemu', guests.filter((row) => row.type === 'qemu').map(leaf('folder'))),
        ...folder('lxc', guests.filter((row) => row.type === 'lxc').map(leaf('folder'))),
        ...folder('storage', of('storage').map(leaf('folder', true)).sort(byLabel)),
        ...folder('pools', of('pool').map(leaf('folder')).sort(byLabel)),
      ])
    }
    case 'pool':
      return root(pools(of('pool'), guests, leaf, resource))
    default: {
      const perTag = groupBy(guests, (row) => tagsOf(row.tags))
      const tags = [...perTag].map(([tag, inside]): Branch => ({
        key: `tag:${tag}`, kind: 'group', group: 'tag', label: tag, children: inside.map(leaf(`tag:${tag}`)),
      }))
      const bare = guests.filter((row) => tagsOf(row.tags).length === 0)
      const rest: Branch[] = bare.length > 0 ? [{ key: 'tag-none', kind: 'group', group: 'no-tag', label: '', children: bare.map(leaf('tag-none')) }] : []
      return root([...tags.sort(byLabel), ...rest])
    }
  }
}

type Leaf = (prefix: string) => (row: Known) => Branch

/** Pools with what is in them; a pool `a/b` is in pool `a`. */
function pools(all: readonly Known[], guests: readonly Known[], leaf: Leaf, resource: (row: Known, children: Branch[]) => Branch): Branch[] {
  const perPool = groupBy(guests, (row) => [row.pool ?? ''])
  const known = new Map(all.map((row) => [row.pool ?? '', row]))
  const top: Branch[] = []
  const made = new Map<string, Branch>()
  const make = (name: string): Branch => {
    const there = made.get(name)
    if (there) return there
    const row = known.get(name) ?? { id: `/pool/${name}`, type: 'pool', pool: name }
    const branch = resource(row, (perPool.get(name) ?? []).map(leaf(`pool:${name}`)))
    made.set(name, branch)
    const above = name.slice(0, Math.max(0, name.lastIndexOf('/')))
    if (above !== '' && known.has(above)) make(above).children?.unshift(branch)
    else top.push(branch)
    return branch
  }
  // Also those that the user sees only by their guests.
  for (const name of [...new Set([...known.keys(), ...perPool.keys()])].sort((a, b) => collator.compare(b, a))) if (name) make(name)
  const bare = perPool.get('') ?? []
  if (bare.length > 0) top.push({ key: 'pool-none', kind: 'group', group: 'no-pool', label: '', children: bare.map(leaf('pool-none')) })
  return top.sort((a, b) => Number(a.kind === 'group') - Number(b.kind === 'group') || byLabel(a, b))
}

function groupBy<T>(items: readonly T[], keys: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items)
    for (const key of keys(item)) {
      const group = groups.get(key)
      if (group) group.push(item)
      else groups.set(key, [item])
    }
  return groups
}

/** Whether a resource is meant by all words of a search. */
export function matches(row: Known, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = searched(row)
  return words.every((word) => text.includes(word))
}

/** What is searched of a row. Rows are never changed, so it is made once for each. */
const texts = new WeakMap<Known, string>()

function searched(row: Known): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const text = `${row.vmid ?? ''} ${row.name ?? ''} ${row.tags ?? ''} ${row.storage ?? ''} ${row.type === 'pool' ? row.pool : ''} ${row.type === 'node' || row.type === 'storage' ? row.node : ''}`.toLowerCase()
  texts.set(row, text)
  return text
}

export const wordsOf = (search: string) => search.toLowerCase().split(/\s+/).filter(Boolean)

/** The lines in sight. While one searches, all branches are open that hold something found. */
export function linesOf(tree: Branch, closed: ReadonlySet<string>, search = ''): Line[] {
  const words = wordsOf(search)
  const lines: Line[] = []
  const visit = (branch: Branch, depth: number, parent: number, whole: boolean): Line | null => {
    const at = lines.length
    const own = branch.row ? matches(branch.row, words) : branch.group === 'tag' && words.length > 0 && words.every((word) => branch.label.toLowerCase().includes(word))
    const all = whole || (own && words.length > 0)
    const open = branch.children === undefined || branch.children.length === 0 ? undefined : words.length > 0 || !closed.has(branch.key)
    const line: Line = { branch, depth, open, guests: branch.row && isGuest(branch.row) ? 1 : 0, position: 1, siblings: 1, parent }
    lines.push(line)
    if (open) {
      const below = (branch.children ?? []).map((child) => visit(child, depth + 1, at, all)).filter((child) => child !== null)
      for (const [index, child] of below.entries()) {
        child.position = index + 1
        child.siblings = below.length
        line.guests += child.guests
      }
      if (below.length > 0) return line
    } else if (open === false) line.guests = count(branch)
    if (depth === 0 || words.length === 0 || own || whole) return line
    lines.length = at
    return null
  }
  visit(tree, 0, -1, false)
  return lines
}

function count(branch: Branch): number {
  const own = branch.row && isGuest(branch.row) ? 1 : 0
  return (branch.children ?? []).reduce((sum, child) => sum + count(child), own)
}

export type Step = { to: number } | { toggle: number } | null

/** What a key does in the tree, after the pattern of ARIA for trees. */
export function step(lines: readonly Line[], at: number, key: string, page = 10): Step {
  const line = lines[at]
  const to = (index: number): Step => ({ to: Math.max(0, Math.min(lines.length - 1, index)) })
  switch (key) {
    case 'ArrowDown': return to(at + 1)
    case 'ArrowUp': return to(at - 1)
    case 'PageDown': return to(at + page)
    case 'PageUp': return to(at - page)
    case 'Home': return to(0)
    case 'End': return to(lines.length - 1)
    case 'ArrowRight':
      if (line?.open === false) return { toggle: at }
      return line?.open ? to(at + 1) : null
    case 'ArrowLeft':
      if (line?.open) return { toggle: at }
      return line && line.parent >= 0 ? to(line.parent) : null
    default: return null
  }
}

/** The next line whose name begins with what was typed; also the same one again while one goes on typing. */
export function typeAhead(lines: readonly Line[], at: number, typed: string, name: (line: Line) => string): number | null {
  const wanted = typed.toLowerCase()
  const from = typed.length > 1 ? at : at + 1
  for (let offset = 0; offset < lines.length; offset++) {
    const index = (from + offset) % lines.length
    const line = lines[index]
    if (!line) continue
    const text = name(line).toLowerCase()
    if (text.startsWith(wanted) || line.branch.row?.name?.toLowerCase().startsWith(wanted)) return index
  }
  return null
}

/** Whether two resources look the same in the tree, whatever their figures are. */
function looksSame(a: Known, b: Known): boolean {
  return a === b || (
    a.id === b.id && a.name === b.name && a.tags === b.tags && a.pool === b.pool && a.node === b.node && a.template === b.template
  )
}

/** The same list as before when nothing in it looks different: figures change all the time, the tree does not. */
export function settled(before: readonly Known[], rows: ReadonlyMap<string, Known>): readonly Known[] {
  if (before.length === rows.size) {
    let same = true
    for (const row of before) {
      const now = rows.get(row.id)
      if (!now || !looksSame(row, now)) {
        same = false
        break
      }
    }
    if (same) return before
  }
  return [...rows.values()]
}
