import { expect, it } from 'vitest'
import { snapshotTree } from './tree'

const drawn = (...rows: [name: string, parent?: string, snaptime?: number][]) =>
  snapshotTree(rows.map(([name, parent, snaptime]) => ({ name, parent, snaptime }))).map(({ snapshot, depth }) => `${'-'.repeat(depth)}${snapshot.name}`)

it('stands each snapshot below its parent, by time, the present last', () =>
  expect(drawn(['current', 'b'], ['c', 'a', 3], ['b', 'a', 2], ['a', undefined, 1])).toEqual(['a', '-b', '--current', '-c']))

it('shows what has no parent any more, and what goes round', () => {
  expect(drawn(['a', 'gone', 1], ['current'])).toEqual(['a', 'current'])
  expect(drawn(['a', 'b', 1], ['b', 'a', 2])).toEqual(['a', '-b'])
})
