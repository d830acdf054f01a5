// A guest's options as a table: what is in force, what is to come, and what can be done with the chosen line.
import { Menu, Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowBackUp, IconChevronDown, IconClock, IconPencil, IconPlus, IconSettings, IconTrash, type Icon } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { i18n } from '../../../i18n'
import { ActButton } from '../../../ui/ActButton'
import { NARROW } from '../../../ui/DataTable'
import { Toolbar } from '../../../ui/parts'
import classes from './config.module.css'

export interface Act {
  label: string
  icon?: Icon
  run: () => void
  /** Why it cannot be done. */
  why?: string | false
  danger?: boolean
}

export interface ConfigRow {
  id: string
  label: string
  icon?: Icon
  /** What is in force; nothing if it is only to come. */
  now?: string
  /** What will be, if that is something else. */
  next?: string
  /** It will be removed. */
  goes?: boolean
  /** Options of this line that wait for a change. */
  waits: readonly string[]
  /** What is told beside its value. */
  beside?: string
  edit?: Act
  remove?: Act
  more?: readonly Act[]
}

interface Props {
  label: string
  rows: readonly ConfigRow[]
  /** What can be added. */
  add?: readonly Act[]
  /** What the menu of further acts of a line is called, where there are many. */
  more?: string
  /** Drops the pending changes of some options; there is no such button when not given. */
  revert?: (keys: readonly string[]) => void
  empty?: string
  /** What a change waits for, when it is not the next start. */
  waitsFor?: 'image'
  /** Further buttons. */
  tools?: ReactNode
}

export function ConfigTable({ label, rows, add, more, revert, empty, waitsFor, tools }: Props) {
  const [chosen, setChosen] = useState<string | null>(null)
  const narrow = useMediaQuery(NARROW) ?? false
  const row = rows.find((one) => one.id === chosen)
  const open = (one: ConfigRow | undefined) => one?.edit && !one.edit.why && one.edit.run()
  const keys = (event: KeyboardEvent<HTMLElement>, at: number) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      const next = rows[at + step]
      if (!next) return
      setChosen(next.id)
      const sibling = step > 0 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling
      if (sibling instanceof HTMLElement) sibling.focus()
    } else if (event.key === ' ') setChosen(rows[at]?.id ?? null)
    else if (event.key === 'Enter') open(rows[at])
    else return
    event.preventDefault()
  }
  return (
    <div className={classes.frame}>
      <Toolbar>
        {add && <ActMenu label={i18n._('Add')} icon={IconPlus} acts={add} />}
        <Acts row={row} hasRemove={rows.some((one) => one.remove)} menu={more} />
        {revert && (!narrow || (row && row.waits.length > 0)) && <ActButton
          icon={IconArrowBackUp}
          onClick={() => row && revert(row.waits)}
          why={!row ? i18n._('Choose a line first') : row.waits.length === 0 ? i18n._('No change of this line is pending') : row.edit?.why}
        >
          {i18n._('Revert')}
        </ActButton>}
        {tools}
      </Toolbar>
      <div className={classes.scroller}>
        <div className={classes.table} role="grid" aria-label={label}>
          {rows.map((one, at) => (
            <div
              key={one.id}
              className={classes.row}
              role="row"
              tabIndex={one.id === chosen || (row === undefined && at === 0) ? 0 : -1}
              aria-selected={one.id === chosen}
              onClick={() => setChosen(one.id)}
              onFocus={(event) => event.target === event.currentTarget && setChosen(one.id)}
              // A double click opens; it must not mark words.
              onMouseDown={(event) => event.detail > 1 && event.preventDefault()}
              onDoubleClick={() => open(one)}
              onKeyDown={(event) => keys(event, at)}
            >
              <div role="rowheader">{one.icon && <one.icon size={15} stroke={1.6} aria-hidden />}{one.label}</div>
              <div role="gridcell">
                <Value row={one} waitsFor={waitsFor} />
                {one.beside && <div className="dim">{one.beside}</div>}
              </div>
            </div>
          ))}
          {rows.length === 0 && <div className={classes.row} role="row"><div role="gridcell">{empty ?? i18n._('Nothing here')}</div></div>}
        </div>
      </div>
    </div>
  )
}

/** What is, and below it what will be. */
function Value({ row, waitsFor }: { row: ConfigRow; waitsFor?: 'image' }) {
  if (row.waits.length === 0) return row.now
  if (waitsFor === 'image')
    return (
      <>
        <div>{row.next}</div>
        <div className={classes.waits}><IconClock size={14} aria-hidden />{i18n._('Not in the image yet')}</div>
      </>
    )
  return (
    <>
      {row.now !== undefined && <div className={row.goes ? classes.struck : undefined}>{row.now}</div>}
      <div className={classes.waits}>
        <IconClock size={14} aria-hidden />
        {row.goes
          ? i18n._('Removed at the next start')
          : row.next === row.now
            ? i18n._('Changes at the next start: {options}', { options: row.waits.join(', ') })
            : i18n._('At the next start: {value}', { value: row.next ?? '' })}
      </div>
    </>
  )
}

/** More acts than these are a menu. */
const SIDE_BY_SIDE = 2

function Acts({ row, hasRemove, menu }: { row: ConfigRow | undefined; hasRemove: boolean; menu?: string }) {
  const none = i18n._('Choose a line first')
  const fixed = i18n._('This line cannot be changed')
  const goes = row?.goes ? i18n._('It will be removed; revert that first') : false
  return (
    <>
      <ActButton icon={IconPencil} onClick={() => row?.edit?.run()} why={!row ? none : !row.edit ? fixed : row.edit.why || goes}>{i18n._('Edit')}</ActButton>
      {hasRemove && (
        <ActButton icon={IconTrash} onClick={() => row?.remove?.run()} why={!row ? none : !row.remove ? i18n._('This line cannot be removed') : row.remove.why || goes}>
          {row?.remove?.label ?? i18n._('Remove')}
        </ActButton>
      )}
      {menu && row?.more && row.more.length > SIDE_BY_SIDE
        ? <ActMenu label={menu} icon={IconSettings} acts={row.more.map((act) => ({ ...act, why: act.why || goes }))} />
        : row?.more?.map((act) => <ActButton key={act.label} icon={act.icon} onClick={act.run} why={act.why || goes}>{act.label}</ActButton>)}
    </>
  )
}

function ActMenu({ label, icon: Shape, acts }: { label: string; icon: Icon; acts: readonly Act[] }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" leftSection={<Shape size={15} aria-hidden />} rightSection={<IconChevronDown size={13} aria-hidden />}>{label}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {acts.map((act) => (
          <Menu.Item key={act.label} className={classes.item} leftSection={act.icon && <act.icon size={15} stroke={1.6} />} onClick={act.run} disabled={Boolean(act.why)}>
            {act.label}
            {act.why && <div className="dim">{act.why}</div>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
