// Tables of Markdown (`| a | b |`), which the parser leaves as paragraphs. Works on its tree, so what is in a cell stays
// what the parser made of it: text, emphasis, code, links.

/** A node of the tree of Markdown, as far as tables are concerned. */
export interface MarkdownNode {
  type: string
  value?: string
  align?: (string | null)[]
  children?: MarkdownNode[]
}

type Cell = MarkdownNode[]

/** Lines of a paragraph, each in cells. A bar or a line end counts in plain text only, not in code. */
function cellsOf(paragraph: MarkdownNode): Cell[][] {
  const lines: Cell[][] = [[[]]]
  for (const node of paragraph.children ?? []) {
    if (node.type === 'break') lines.push([[]])
    else if (node.type !== 'text') lines.at(-1)?.at(-1)?.push(node)
    else
      (node.value ?? '').split('\n').forEach((line, at) => {
        if (at > 0) lines.push([[]])
        line.split('|').forEach((value, cell) => {
          if (cell > 0) lines.at(-1)?.push([])
          if (value !== '') lines.at(-1)?.at(-1)?.push({ type: 'text', value })
        })
      })
  }
  return lines.map(inner)
}

const isBlank = (cell: Cell | undefined) => cell !== undefined && cell.every((node) => node.type === 'text' && (node.value ?? '').trim() === '')

/** Without what stands before the first bar and after the last one, if that is nothing. */
function inner(line: Cell[]): Cell[] {
  const from = line.length > 1 && isBlank(line[0]) ? 1 : 0
  const to = line.length > 1 && isBlank(line.at(-1)) ? line.length - 1 : line.length
  return line.slice(from, to)
}

/** How a column is aligned, by its rule below the head; nothing if that is no rule. */
function alignOf(cell: Cell): string | null | undefined {
  const rule = cell.length === 1 && cell[0]?.type === 'text' ? (cell[0].value ?? '').trim() : ''
  if (!/^:?-+:?$/.test(rule)) return undefined
  if (rule.startsWith(':')) return rule.endsWith(':') && rule.length > 1 ? 'center' : 'left'
  return rule.endsWith(':') ? 'right' : null
}

/** The table that a paragraph is; nothing if it is none. */
function tableOf(paragraph: MarkdownNode): MarkdownNode | undefined {
  const [head, rules, ...body] = cellsOf(paragraph)
  if (!head || !rules || rules.length !== head.length) return undefined
  const align = rules.map(alignOf)
  if (align.includes(undefined)) return undefined
  const row = (cells: Cell[]): MarkdownNode => ({
    type: 'tableRow',
    children: head.map((_, at) => ({ type: 'tableCell', children: cells[at] ?? [] })),
  })
  return { type: 'table', align: align.map((one) => one ?? null), children: [head, ...body].map(row) }
}

function change(parent: MarkdownNode) {
  parent.children = parent.children?.map((node) => {
    if (node.type === 'paragraph') return tableOf(node) ?? node
    change(node)
    return node
  })
}

/** For `remarkPlugins`. */
export const markdownTables = () => (tree: MarkdownNode) => change(tree)
