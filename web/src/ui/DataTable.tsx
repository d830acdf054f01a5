// Tables of any length: only the rows in sight are drawn. On a narrow screen each row is a card.
import { useMediaQuery } from '@mantine/hooks'
import { flexRender, getCoreRowModel, getFilteredRowModel, getSortedRowModel, useReactTable, type ColumnDef, type Row as TableRow, type SortingState } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { TextInput } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { i18n } from '../i18n'
import classes from './DataTable.module.css'

export type Column<T> = ColumnDef<T, unknown> & {
  /** Width in px; what has none shares the rest. */
  width?: number
  /** Right-aligned figures. */
  numeric?: boolean
}

interface Props<T> {
  /** What the table lists, for those who do not see it. */
  label: string
  rows: readonly T[]
  columns: Column<T>[]
  id: (row: T) => string
  /** Chosen row, if rows can be chosen. */
  chosen?: string | null
  onChoose?: (row: T | null) => void
  /** Double click, or Enter on the chosen row. */
  onOpen?: (row: T) => void
  sort?: SortingState
  /** Shows a field that searches all columns. */
  searchable?: boolean
  /** Buttons, left of the search field. */
  tools?: ReactNode
  empty?: ReactNode
  /** Rows that stand out. */
  tone?: (row: T) => 'bad' | 'warn' | undefined
  /** Height of the scrolling part; it fills its parent when not given. */
  height?: number | string
}

const ROW = 30
/** Least width of a column that has none of its own, px. */
const NARROWEST = 90
export const NARROW = '(max-width: 48em)'

export function DataTable<T>({ label, rows, columns, id, chosen, onChoose, onOpen, sort = [], searchable, tools, empty, tone, height }: Props<T>) {
  const [sorting, setSorting] = useState<SortingState>(sort)
  const [filter, setFilter] = useState('')
  const narrow = useMediaQuery(NARROW) ?? false
  const scroller = useRef<HTMLDivElement>(null)
  const table = useReactTable<T>({
    data: rows as T[],
    columns,
    state: { sorting, globalFilter: filter },
    onSortingChange: setSorting,
    onGlobalFilterChange: setFilter,
    getRowId: id,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    globalFilterFn: 'includesString',
    getColumnCanGlobalFilter: () => true,
  })
  const shown = table.getRowModel().rows
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 24 * Math.min(columns.length, 6) + 24 : ROW),
    overscan: 12,
  })
  const template = columns.map((column) => (column.width ? `${column.width}px` : `minmax(${NARROWEST}px, 1fr)`)).join(' ')
  // All rows are as wide as the head, whatever is in them; cells cut off what does not fit.
  const minWidth = columns.reduce((sum, column) => sum + (column.width ?? NARROWEST), 0)
  const keys = (event: KeyboardEvent, row: TableRow<T>) => {
    const at = row.index
    if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row.original)
    else if (event.key === ' ' && event.target === event.currentTarget) onChoose?.(row.original)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = shown[shown.findIndex((one) => one.index === at) + (event.key === 'ArrowDown' ? 1 : -1)]
      if (!next) return
      onChoose?.(next.original)
      scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.id)}"]`)?.focus()
    } else return
    event.preventDefault()
  }
  return (
    <div className={classes.frame}>
      {(tools || searchable) && (
        <div className={classes.tools}>
          {tools}
          {searchable && (
            <TextInput className={classes.search} aria-label={i18n._('Search in {label}', { label })} placeholder={i18n._('Search')} leftSection={<IconSearch size={14} />} value={filter} onChange={(event) => setFilter(event.currentTarget.value)} />
          )}
        </div>
      )}
      {/* A scrolling area can be reached by keyboard. */}
      <div ref={scroller} className={classes.scroller} style={height === undefined ? undefined : { height, minHeight: 0, flex: 'none' }} role="table" aria-label={label} aria-rowcount={shown.length + 1} tabIndex={0}>
        {!narrow && (
          <div className={classes.head} role="row" style={{ gridTemplateColumns: template, minWidth }}>
            {table.getFlatHeaders().map((header) => {
              const column = header.column.columnDef as Column<T>
              const direction = header.column.getIsSorted()
              return (
                <div key={header.id} role="columnheader" aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : undefined} className={column.numeric ? 'num' : undefined}>
                  {header.column.getCanSort() ? (
                    <button type="button" onClick={header.column.getToggleSortingHandler()}>
                      {flexRender(column.header, header.getContext())}
                      {direction === 'asc' && <IconChevronUp size={12} aria-hidden />}
                      {direction === 'desc' && <IconChevronDown size={12} aria-hidden />}
                    </button>
                  ) : flexRender(column.header, header.getContext())}
                </div>
              )
            })}
          </div>
        )}
        {shown.length === 0 && <div className={classes.empty} role="row"><span role="cell">{empty ?? i18n._('Nothing here')}</span></div>}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = shown[item.index]
            if (!row) return null
            return (
              <div
                key={row.id}
                ref={narrow ? virtual.measureElement : undefined}
                data-index={item.index}
                data-row={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={onChoose ? row.id === chosen : undefined}
                tabIndex={onChoose || onOpen ? 0 : -1}
                className={narrow ? classes.card : classes.row}
                data-chosen={row.id === chosen || undefined}
                data-tone={tone?.(row.original)}
                style={{ transform: `translateY(${item.start}px)`, gridTemplateColumns: narrow ? undefined : template, minWidth: narrow ? undefined : minWidth, height: narrow ? undefined : ROW }}
                onClick={() => (narrow && onOpen ? onOpen(row.original) : onChoose?.(row.original))}
                // A double click opens; it does not mark a word.
                onMouseDown={(event) => onOpen && event.detail > 1 && event.preventDefault()}
                onDoubleClick={() => onOpen?.(row.original)}
                onKeyDown={(event) => keys(event, row)}
              >
                {row.getVisibleCells().map((cell) => {
                  const column = cell.column.columnDef as Column<T>
                  // A card does not say what there is not.
                  if (narrow && ['', null, false].includes(cell.getValue() as string)) return null
                  return (
                    <div key={cell.id} role="cell" className={column.numeric && !narrow ? 'num' : undefined} title={!narrow && typeof cell.getValue() === 'string' ? String(cell.getValue()) : undefined}>
                      {narrow && <span className={classes.label}>{flexRender(column.header, { ...cell.getContext() } as never)}</span>}
                      <span className={classes.value}>{flexRender(column.cell ?? ((context) => String(context.getValue() ?? '')), cell.getContext())}</span>
                    </div>
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
