// A table with buttons that act on its chosen row: what most pages of the datacenter are.
import { Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { Icon } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { i18n } from '../../i18n'
import { ActButton } from '../../ui/ActButton'
import { DataTable, NARROW, type Column, type Sort } from '../../ui/DataTable'
import { Problem } from '../../ui/parts'

/** What can be done: with the chosen row (`one`), or without any (`all`). */
export interface Action<T> {
  label: string
  icon?: Icon
  all?: () => void
  one?: (row: T) => void
  /** Why not, for the chosen row. */
  why?: (row: T) => string | false | null | undefined
  /** Why not at all. */
  never?: string | false | null
  danger?: boolean
  /** What a double click does. */
  main?: boolean
}

interface Props<T> {
  label: string
  query: { data: readonly T[] | undefined; error: Error | null; refetch: () => unknown }
  columns: Column<T>[]
  id: (row: T) => string
  actions: Action<T>[]
  sort?: Sort[]
  empty?: ReactNode
  /** More above the table. */
  tools?: ReactNode
  height?: number | string
}

export function ManagedTable<T>({ label, query, columns, id, actions, sort, empty, tools, height }: Props<T>) {
  const [chosen, setChosen] = useState<string | null>(null)
  const narrow = useMediaQuery(NARROW) ?? false
  if (query.data === undefined)
    return query.error ? <div><Problem error={query.error} retry={() => query.refetch()} /></div> : <Skeleton height={160} role="status" aria-label={i18n._('Loading')} />
  const { data } = query
  const row = data.find((one) => id(one) === chosen)
  const main = actions.find((action) => action.main)
  const open = (one: T) => {
    if (main?.one && !reason(main, one)) main.one(one)
  }
  return (
    <DataTable
      label={label}
      rows={data}
      columns={columns}
      id={id}
      chosen={row ? chosen : null}
      onChoose={(one) => setChosen(one && id(one))}
      // A tap chooses; what to do is asked by the buttons.
      onOpen={main && !narrow ? open : undefined}
      sort={sort}
      searchable
      empty={empty}
      height={height}
      tools={
        <>
          {/* Little room: what acts on a row comes when there is one. */}
          {actions.filter((action) => !narrow || action.all || row).map((action) => (
            <ActButton
              key={action.label}
              icon={action.icon}
              color={action.danger ? 'red' : undefined}
              variant={action.danger ? 'light' : 'default'}
              why={reason(action, row)}
              onClick={() => (action.all ? action.all() : row && action.one?.(row))}
            >
              {action.label}
            </ActButton>
          ))}
          {narrow && !row && data.length > 0 && actions.some((action) => action.one) && <span className="dim">{i18n._('Tap a row to act on it')}</span>}
          {tools}
        </>
      }
    />
  )
}

function reason<T>(action: Action<T>, row: T | undefined): string | false | null | undefined {
  if (action.never) return action.never
  if (action.all) return null
  if (row === undefined) return i18n._('Choose a row first')
  return action.why?.(row)
}
