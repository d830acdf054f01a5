// Tables of any length: only the rows in sight are drawn. On a narrow screen each row is a card.
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { TextInput } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react'
import { memo, useDeferredValue, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { i18n } from '../i18n'
import { holding, sorted, turned, type Column, type Sort } from './tableModel'
import classes from './DataTable.module.css'

export type { Column, Sort } from './tableModel'

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
  sort?: Sort[]
  /** Shows a field that searches all columns. */
  searchable?: boolean
  /** Which rows are shown. They are put in order before, so that another answer is quick. */
  match?: (row: T) => boolean
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
/** Rows drawn beyond what is in sight. */
const BEYOND = 6

/** The rows in their order, and of those the ones that are wanted. */
function useShown<T>({ rows, columns, match }: Props<T>, sorting: readonly Sort[], filter: string): readonly T[] {
  const [by] = sorting
  const value = columns.find((column) => column.id === by?.id)?.accessorFn
  const ordered = useMemo(() => sorted(rows, value, by?.desc ?? false, i18n.locale), [rows, value, by?.desc])
  return useMemo(() => {
    const wanted = match ? ordered.filter(match) : ordered
    return holding(wanted, columns, filter)
  }, [ordered, match, columns, filter])
}

export function DataTable<T>(props: Props<T>) {
  const { label, columns, id, chosen, onChoose, onOpen, sort = [], searchable, tools, empty, tone, height } = props
  const [sorting, setSorting] = useState<Sort[]>(sort)
  const [filter, setFilter] = useState('')
  const narrow = useMediaQuery(NARROW) ?? false
  const scroller = useRef<HTMLDivElement>(null)
  const shown = useShown(props, sorting, useDeferredValue(filter))
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 24 * Math.min(columns.length, 6) + 24 : ROW),
    overscan: BEYOND,
  })
  /** The row that an event is about; none in what a row has opened. */
  const at = (event: { target: EventTarget }): [row: T, element: HTMLElement, index: number] | null => {
    const element = (event.target as Element).closest<HTMLElement>('[data-row]')
    const index = Number(element?.dataset.index)
    const row = shown[index]
    return element && scroller.current?.contains(element) && row !== undefined ? [row, element, index] : null
  }
  const keys = (event: KeyboardEvent) => {
    const here = at(event)
    if (!here) return
    const [row, element, index] = here
    if (event.key === 'Enter' && event.target === element) onOpen?.(row)
    else if (event.key === ' ' && event.target === element) onChoose?.(row)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = shown[index + (event.key === 'ArrowDown' ? 1 : -1)]
      if (next === undefined) return
      onChoose?.(next)
      scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id(next))}"]`)?.focus()
    } else return
    event.preventDefault()
  }
  const act = (event: MouseEvent, what: ((row: T) => void) | undefined) => {
    const here = at(event)
    if (here) what?.(here[0])
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
      <div ref={scroller} className={classes.scroller} style={{ ...widths(columns), ...(height !== undefined && { height, minHeight: 0, flex: 'none' }) }} role="table" aria-label={label} aria-rowcount={shown.length + 1} tabIndex={0}>
        {!narrow && <Head columns={columns} sorting={sorting} turn={(column) => setSorting((old) => turned(old, column.id, column.numeric))} />}
        {shown.length === 0 && <div className={classes.empty} role="row"><span role="cell">{empty ?? i18n._('Nothing here')}</span></div>}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- rows can be reached; one place hears for all */}
        <div
          role="rowgroup"
          className={classes.rows}
          style={{ height: virtual.getTotalSize() }}
          onClick={(event) => act(event, narrow && onOpen ? onOpen : onChoose)}
          // A double click opens; it does not mark a word.
          onMouseDown={(event) => onOpen && event.detail > 1 && event.preventDefault()}
          onDoubleClick={(event) => act(event, onOpen)}
          onPointerOver={tellWhole}
          onKeyDown={keys}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = shown[item.index]
            if (row === undefined) return null
            const name = id(row)
            return (
              <Line
                key={name}
                row={row}
                name={name}
                index={item.index}
                top={item.start}
                columns={columns as Column<unknown>[]}
                narrow={narrow}
                measure={narrow ? virtual.measureElement : undefined}
                selected={onChoose ? name === chosen : undefined}
                reachable={Boolean(onChoose ?? onOpen)}
                tone={tone?.(row)}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** All rows are as wide as the head, whatever is in them; cells cut off what does not fit. */
function widths<T>(columns: readonly Column<T>[]): CSSProperties {
  const template = columns.map(({ width, grow }) => (width && !grow ? `${width}px` : `minmax(${width ?? NARROWEST}px, ${grow ?? 1}fr)`)).join(' ')
  const least = columns.reduce((sum, column) => sum + (column.width ?? NARROWEST), 0)
  return { '--columns': template, '--least': `${least}px` } as CSSProperties
}

/** A cell that is cut off says the whole of it. */
function tellWhole(event: MouseEvent) {
  const cell = (event.target as Element).closest<HTMLElement>('[role=cell]')
  if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? ''
}

const headOf = <T,>({ header }: Column<T>) => (typeof header === 'function' ? header() : header)

function Head<T>({ columns, sorting, turn }: { columns: readonly Column<T>[]; sorting: readonly Sort[]; turn: (column: Column<T>) => void }) {
  return (
    <div className={classes.head} role="row">
      {columns.map((column) => {
        const by = sorting.find((one) => one.id === column.id)
        return (
          <div key={column.id} role="columnheader" aria-sort={by && (by.desc ? 'descending' : 'ascending')} className={column.numeric ? 'num' : undefined}>
            {column.accessorFn && column.enableSorting !== false ? (
              <button type="button" onClick={() => turn(column)}>
                {headOf(column)}
                {by && !by.desc && <IconChevronUp size={12} aria-hidden />}
                {by?.desc && <IconChevronDown size={12} aria-hidden />}
              </button>
            ) : headOf(column)}
          </div>
        )
      })}
    </div>
  )
}

interface LineProps {
  row: unknown
  name: string
  index: number
  /** px from the top of all rows. */
  top: number
  columns: readonly Column<unknown>[]
  narrow: boolean
  measure?: (element: Element | null) => void
  selected?: boolean
  reachable: boolean
  tone?: 'bad' | 'warn'
}

/** A row. Most of them stay as they are while others come into sight: those are not drawn again. */
const Line = memo(function Line({ row, name, index, top, columns, narrow, measure, selected, reachable, tone }: LineProps) {
  return (
    <div
      ref={measure}
      data-index={index}
      data-row={name}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      className={narrow ? classes.card : classes.row}
      data-chosen={selected || undefined}
      data-tone={tone}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map((column) => {
        const value = column.accessorFn?.(row)
        // A card does not say what there is not.
        if (narrow && (value === '' || value === null || value === false)) return null
        const shown = column.cell ? column.cell({ row: { original: row }, getValue: () => value }) : String(value ?? '')
        if (!narrow) return <div key={column.id} role="cell" className={column.numeric ? 'num' : undefined}>{shown}</div>
        return (
          <div key={column.id} role="cell">
            <span className={classes.label}>{headOf(column)}</span>
            <span className={classes.value}>{shown}</span>
          </div>
        )
      })}
    </div>
  )
})
