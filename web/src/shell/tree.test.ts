import { describe, expect, it } from 'vitest'
import { hereOf, isHere, placeOf, type Known } from './places'
import { buildTree, labelOf, linesOf, settled, step, tagsOf, typeAhead, type Line } from './tree'

const vm = (vmid: number, name: string, rest: Partial<Known> = {}): Known => ({ id: `qemu/${vmid}`, type: 'qemu', vmid, name, node: 'n1', ...rest })
const rows: Known[] = [
  { id: 'node/n2', type: 'node', node: 'n2' },
  { id: 'node/n1', type: 'node', node: 'n1' },
  vm(102, 'db', { tags: 'prod;db', pool: 'lab/inner' }),
  vm(100, 'web10', { tags: 'prod', pool: 'lab' }),
  vm(101, 'web9'),
  vm(90, 'golden', { template: 1 }),
  { id: 'lxc/200', type: 'lxc', vmid: 200, name: 'dns', node: 'n2' },
  { id: 'storage/n1/local', type: 'storage', node: 'n1', storage: 'local' },
  { id: '/pool/lab', type: 'pool', pool: 'lab' },
  { id: '/pool/lab/inner', type: 'pool', pool: 'lab/inner' },
  { id: 'network/n1/zone/x', type: 'network', node: 'n1' },
]

const drawn = (lines: readonly Line[]) =>
  lines.map((line) => `${'  '.repeat(line.depth)}${line.open === undefined ? '' : line.open ? '-' : '+'}${line.branch.label || line.branch.group || line.branch.kind}`)

describe('views', () => {
  it('shows nodes with their guests, templates last, then storages', () => {
    expect(drawn(linesOf(buildTree(rows, 'server', 'vmid'), new Set()))).toEqual([
      '-root',
      '  -n1', '    100 (web10)', '    101 (web9)', '    102 (db)', '    90 (golden)', '    local',
      '  -n2', '    200 (dns)',
      '  lab', '  lab/inner',
    ])
  })
  it('sorts by name as people count', () => {
    const guests = linesOf(buildTree(rows, 'server', 'name'), new Set()).map((line) => line.branch.label)
    expect(guests.slice(2, 6)).toEqual(['db (102)', 'web9 (101)', 'web10 (100)', 'golden (90)'])
  })
  it('shows folders of each kind', () => {
    expect(drawn(linesOf(buildTree(rows, 'folder', 'vmid'), new Set(['folder:qemu'])))).toEqual([
      '-root', '  -nodes', '    n1', '    n2', '  +qemu', '  -lxc', '    200 (dns)', '  -storage', '    local (n1)', '  -pools', '    lab', '    lab/inner',
    ])
  })
  it('shows pools within pools, and what is in none', () => {
    expect(drawn(linesOf(buildTree(rows, 'pool', 'vmid'), new Set()))).toEqual([
      '-root', '  -lab', '    -lab/inner', '      102 (db)', '    100 (web10)',
      '  -no-pool', '    101 (web9)', '    200 (dns)', '    90 (golden)',
    ])
  })
  it('shows a guest under each of its tags', () => {
    expect(drawn(linesOf(buildTree(rows, 'tag', 'vmid'), new Set(['tag-none'])))).toEqual([
      '-root', '  -db', '    102 (db)', '  -prod', '    100 (web10)', '    102 (db)', '  +no-tag',
    ])
  })
  it('has a key for each line', () => {
    for (const view of ['server', 'folder', 'pool', 'tag'] as const) {
      const keys = linesOf(buildTree(rows, view, 'vmid'), new Set()).map((line) => line.branch.key)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
  it('tells what a screen reader says: positions, siblings, guests', () => {
    const [root, n1, first] = linesOf(buildTree(rows, 'server', 'vmid'), new Set())
    expect(root).toMatchObject({ guests: 5, position: 1, siblings: 1, parent: -1 })
    expect(n1).toMatchObject({ guests: 4, position: 1, siblings: 4, parent: 0 })
    expect(first).toMatchObject({ position: 1, siblings: 5, parent: 1 })
  })
  it('counts guests of closed branches, too', () => {
    expect(linesOf(buildTree(rows, 'server', 'vmid'), new Set(['server/node/n1']))[1]).toMatchObject({ open: false, guests: 4 })
  })
})

describe('search', () => {
  const found = (search: string, view: 'server' | 'tag' = 'server') => drawn(linesOf(buildTree(rows, view, 'vmid'), new Set(['server/node/n1']), search))
  it('opens what holds something found and hides the rest', () => {
    expect(found('web')).toEqual(['-root', '  -n1', '    100 (web10)', '    101 (web9)'])
  })
  it('wants all words, in IDs, names and tags', () => {
    expect(found('PROD db')).toEqual(['-root', '  -n1', '    102 (db)'])
    expect(found('200')).toEqual(['-root', '  -n2', '    200 (dns)'])
  })
  it('shows all of a group that is meant itself', () => {
    expect(found('n2')).toEqual(['-root', '  -n2', '    200 (dns)'])
    expect(found('prod', 'tag')).toEqual(['-root', '  -db', '    102 (db)', '  -prod', '    100 (web10)', '    102 (db)'])
  })
  it('keeps the root when nothing is found', () => expect(found('nowhere')).toEqual(['-root']))
})

describe('keys', () => {
  const lines = linesOf(buildTree(rows, 'server', 'vmid'), new Set(['server/node/n2']))
  it.each([
    ['ArrowDown', 0, { to: 1 }],
    ['ArrowUp', 0, { to: 0 }],
    ['End', 0, { to: lines.length - 1 }],
    ['Home', 5, { to: 0 }],
    ['ArrowRight', 1, { to: 2 }],
    ['ArrowLeft', 1, { toggle: 1 }],
    ['ArrowLeft', 3, { to: 1 }],
    ['ArrowRight', 7, { toggle: 7 }],
    ['ArrowLeft', 7, { to: 0 }],
    ['ArrowRight', 3, null],
    ['x', 3, null],
  ] as const)('%s at line %i', (key, at, expected) => expect(step(lines, at, key)).toEqual(expected))
  const name = (line: Line) => line.branch.label
  it('goes to what one types, by label or name, and around the end', () => {
    expect(typeAhead(lines, 0, 'n', name)).toBe(1)
    expect(typeAhead(lines, 1, 'n', name)).toBe(7)
    expect(typeAhead(lines, 7, 'web9', name)).toBe(3)
    expect(typeAhead(lines, 3, 'web9', name)).toBe(3)
    expect(typeAhead(lines, 3, 'zzz', name)).toBe(null)
  })
})

describe('figures that change', () => {
  const map = (list: readonly Known[]) => new Map(list.map((row) => [row.id, row]))
  it('leave the list as it is', () => {
    expect(settled(rows, map(rows.map((row) => ({ ...row, cpu: 1 }) as Known)))).toBe(rows)
  })
  it('do not hide a new name, a guest that is gone or one that came', () => {
    expect(settled(rows, map(rows.map((row) => (row.vmid === 100 ? { ...row, name: 'new' } : row))))).not.toBe(rows)
    expect(settled(rows, map(rows.slice(1)))).toHaveLength(rows.length - 1)
    expect(settled(rows, map([...rows.slice(1), vm(999, 'x')]))).not.toBe(rows)
  })
  it('ten thousand guests are a tree in no time', () => {
    const many = [...rows, ...Array.from({ length: 10_000 }, (_, n) => vm(10_000 + n, `guest-${n * 7919 % 10_000}`, { tags: `t${n % 20}` }))]
    const start = performance.now()
    const lines = linesOf(buildTree(many, 'server', 'name'), new Set())
    const found = linesOf(buildTree(many, 'tag', 'name'), new Set(), 't7 guest-1')
    expect(lines.length).toBe(many.length)
    expect(found.length).toBeGreaterThan(10)
    // Ten times what it takes on a slow machine.
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

describe('names and places', () => {
  it('splits tags', () => expect(tagsOf('a;b, c')).toEqual(['a', 'b', 'c']))
  it('names guests by ID or by name', () => {
    expect(labelOf(vm(1, 'x'), 'vmid')).toBe('1 (x)')
    expect(labelOf(vm(1, 'x'), 'name')).toBe('x (1)')
    expect(labelOf({ id: 'qemu/1', type: 'qemu', vmid: 1 }, 'name')).toBe('1')
  })
  it('keeps the tab between things of a kind', () => {
    const here = hereOf('/guest/100/hardware')
    expect(placeOf(vm(101, 'x'), here)).toEqual({ to: '/guest/$vmid/$tab', params: { vmid: '101', tab: 'hardware' } })
    expect(placeOf({ id: 'node/n1', type: 'node', node: 'n1' }, here)?.params).toEqual({ node: 'n1', tab: 'summary' })
  })
  it('knows which resource a page is about', () => {
    expect(isHere(vm(100, 'x'), hereOf('/guest/100/options'))).toBe(true)
    expect(isHere({ id: '/pool/a/b', type: 'pool', pool: 'a/b' }, hereOf('/pool/a%2Fb/summary'))).toBe(true)
    expect(isHere({ id: 'storage/n1/local', type: 'storage', node: 'n1', storage: 'local' }, hereOf('/storage/n1/local/content'))).toBe(true)
    expect(hereOf('/%zz')).toBe(null)
  })
})
