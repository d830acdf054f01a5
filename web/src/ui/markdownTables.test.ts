import { expect, it } from 'vitest'
import { markdownTables, type MarkdownNode } from './markdownTables'

const text = (value: string): MarkdownNode => ({ type: 'text', value })
const changed = (...children: MarkdownNode[]) => {
  const tree: MarkdownNode = { type: 'root', children: [{ type: 'paragraph', children }] }
  markdownTables()(tree)
  return tree.children?.[0]
}
const rows = (table: MarkdownNode | undefined) =>
  table?.children?.map((row) => row.children?.map((cell) => cell.children?.map((node) => (node.value ?? node.type).trim()).join('+')))

it('makes a table of lines with bars, with what is in its cells', () => {
  const bold: MarkdownNode = { type: 'strong', children: [text('b')] }
  const table = changed(text('| port | for |\n|:--- | ---:|\n| 80 | '), bold, text(' |\n| 443 |'))
  expect(table?.type).toBe('table')
  expect(table?.align).toEqual(['left', 'right'])
  expect(rows(table)).toEqual([['port', 'for'], ['80', '+strong+'], ['443', '']])
})

it('leaves what only looks like one', () => {
  expect(changed(text('a | b\nc | d'))?.type).toBe('paragraph')
  expect(changed(text('| a | b |\n| --- |'))?.type).toBe('paragraph')
  expect(changed(text('no bars at all'))?.type).toBe('paragraph')
  expect(changed({ type: 'inlineCode', value: '| a |\n| - |' })?.type).toBe('paragraph')
})
