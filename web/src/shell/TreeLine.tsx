// One line of the tree.
import { useRouter } from '@tanstack/react-router'
import { IconBuilding, IconChevronDown, IconChevronRight, IconFolder, IconLock, IconTag } from '@tabler/icons-react'
import { memo } from 'react'
import { useResource, type Resource as ResourceRow } from '../api/resources'
import { i18n } from '../i18n'
import { ResourceIcon } from '../ui/parts'
import { DATACENTER, placeOf, type Here } from './places'
import { TagDots, useTagStyle } from './Tags'
import { tagColours } from './tagColours'
import type { Line } from './tree'
import classes from './Tree.module.css'

/** What a line is called. */
export function nameOf({ branch }: Line): string {
  if (branch.label) return branch.label
  switch (branch.group) {
    case 'nodes': return i18n._('Nodes')
    case 'qemu': return i18n._('Virtual machines')
    case 'lxc': return i18n._('Containers')
    case 'storage': return i18n._('Storage')
    case 'pools': return i18n._('Pools')
    case 'no-pool': return i18n._('In no pool')
    case 'no-tag': return i18n._('Without tags')
    default: return i18n._('Datacenter')
  }
}

interface Props {
  id: string
  index: number
  line: Line
  top: number
  height: number
  here: Here | null
  /** The page is about it. */
  current: boolean
  /** The keyboard is at it. */
  active: boolean
}

export const TreeLine = memo(function TreeLine({ id, index, line, top, height, here, current, active }: Props) {
  const { branch, depth, open } = line
  const router = useRouter()
  const target = branch.kind === 'root' ? DATACENTER : branch.row
  const place = target && placeOf(target, here)
  const common = {
    id,
    'data-index': index,
    'data-active': active || undefined,
    role: 'treeitem',
    'aria-level': depth + 1,
    'aria-expanded': open,
    'aria-selected': current,
    'aria-current': current ? ('page' as const) : undefined,
    'aria-posinset': line.position,
    'aria-setsize': line.siblings,
    tabIndex: -1,
    className: classes.line,
    style: { transform: `translateY(${top}px)`, height, paddingInlineStart: 4 + depth * 14 },
  }
  const inside = (
    <>
      <span className={classes.twist} data-twist={open === undefined ? undefined : true} aria-hidden>
        {open === true && <IconChevronDown size={14} />}
        {open === false && <IconChevronRight size={14} />}
      </span>
      {branch.row ? <Resource line={line} /> : <Group line={line} />}
    </>
  )
  // A link, so that it opens in another tab where one wants that.
  if (place) return <a {...common} href={router.buildLocation(place as never).href}>{inside}</a>
  return <div {...common}>{inside}</div>
})

function Group({ line }: { line: Line }) {
  const { branch } = line
  const style = useTagStyle()
  const icon = branch.kind === 'root'
    ? <IconBuilding size={16} stroke={1.6} aria-hidden />
    : branch.group === 'tag'
      ? <IconTag size={16} stroke={1.8} aria-hidden style={{ color: tagColours(branch.label, style).dot }} />
      : <IconFolder size={16} stroke={1.6} aria-hidden />
  return (
    <>
      <span className={classes.icon}>{icon}</span>
      <span className={classes.name}>{nameOf(line)}</span>
      <Count n={branch.kind === 'root' ? 0 : line.guests} />
    </>
  )
}

/** Something that has a row: its state is always that of now. */
function Resource({ line }: { line: Line }) {
  const known = line.branch.row
  const now = useResource(known?.id ?? '')
  if (!known) return null
  const row: Pick<ResourceRow, 'type' | 'status' | 'template' | 'lock' | 'tags'> = now ?? known
  const offline = row.type === 'node' && row.status === 'offline'
  return (
    <>
      <ResourceIcon row={row} />
      <span className={classes.name} data-dim={offline || undefined} title={nameOf(line)}>{nameOf(line)}</span>
      {row.lock && <IconLock size={13} aria-label={i18n._('Locked: {lock}', { lock: row.lock })} className={classes.lock} />}
      <TagDots tags={row.tags} />
      {line.open === false && <Count n={line.guests} />}
    </>
  )
}

const Count = ({ n }: { n: number }) =>
  n > 0 ? <span className={classes.count} title={i18n._('{n, plural, one {# guest} other {# guests}}', { n })}>{n}</span> : null
