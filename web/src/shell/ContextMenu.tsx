// What can be done with a line of the tree, at the pointer.
import { Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { IconBox, IconDeviceDesktop, IconExternalLink, IconFolderOpen, IconServer, IconTerminal2 } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import { useMay } from '../api/hooks'
import { isGuest, useResource, type Guest, type Resource } from '../api/resources'
import { i18n } from '../i18n'
import { words } from '../views/datacenter/names'
import { guestMenuItems } from '../views/guest/menu'
import { createContainer, createVm } from '../views/wizard/open'
import { placeOf } from './places'
import { labelOf } from './tree'
import classes from './ContextMenu.module.css'

export interface MenuAt {
  /** Id of the resource. */
  id: string
  /** Where, px in the window. */
  x: number
  y: number
}

export function ContextMenu({ at, close }: { at: MenuAt; close: () => void }) {
  const row = useResource(at.id)
  if (!row) return null
  return (
    <Menu opened onClose={close} position="bottom-start" offset={2} returnFocus withinPortal trapFocus>
      <Menu.Target>
        <button type="button" tabIndex={-1} className={classes.anchor} style={{ left: at.x, top: at.y }} aria-label={labelOf(row, 'vmid')} />
      </Menu.Target>
      <Menu.Dropdown aria-label={i18n._('What can be done with {name}', { name: labelOf(row, 'vmid') })}>
        <Menu.Label>{labelOf(row, 'vmid')}</Menu.Label>
        <Items row={row} />
      </Menu.Dropdown>
    </Menu>
  )
}

function Items({ row }: { row: Resource }): ReactNode {
  if (isGuest(row)) return <GuestItems guest={row} />
  if (row.type === 'node') return <NodeItems row={row} />
  if (row.type === 'storage') return <StorageItems row={row} />
  return <Open row={row} />
}

/** To its page, also in another tab. */
function Open({ row, tab, label, icon }: { row: Resource; tab?: string; label?: string; icon?: ReactNode }) {
  const navigate = useNavigate()
  const place = placeOf(row)
  if (!place) return null
  const params = tab ? { ...place.params, tab } : place.params
  return (
    <Menu.Item className={classes.item} leftSection={icon ?? <IconExternalLink size={15} />} onClick={() => void navigate({ ...place, params } as never)}>
      {label ?? i18n._('Open')}
    </Menu.Item>
  )
}

/** Power, console and more of a guest; what cannot be done says why. */
export function GuestItems({ guest }: { guest: Guest }) {
  const may = useMay(`/vms/${guest.vmid}`)
  const items = guestMenuItems(guest, may)
  return (
    <>
      <Open row={guest} />
      {(['power', 'open', 'more'] as const).map((group) => (
        <Fragment key={group}>
          <Menu.Divider />
          {items.filter((item) => item.group === group).map(({ id, icon: Shape, label, run, danger, why }) => (
            <Menu.Item
              key={id}
              className={classes.item}
              leftSection={<Shape size={15} stroke={1.6} aria-hidden />}
              data-danger={(danger && !why) || undefined}
              aria-disabled={why ? true : undefined}
              data-off={why ? true : undefined}
              closeMenuOnClick={!why}
              onClick={why ? undefined : run}
            >
              {label}
              {why && <span className={classes.why}>{why}</span>}
            </Menu.Item>
          ))}
        </Fragment>
      ))}
    </>
  )
}

function NodeItems({ row }: { row: Resource }) {
  const node = row.node ?? ''
  const may = useMay(`/nodes/${node}`)
  const mayVms = useMay('/vms')
  return (
    <>
      <Open row={row} icon={<IconServer size={15} />} />
      {may('Sys.Console') && <Open row={row} tab="shell" label={i18n._('Shell')} icon={<IconTerminal2 size={15} />} />}
      {mayVms('VM.Allocate') && (
        <>
          <Menu.Divider />
          <Menu.Item className={classes.item} leftSection={<IconDeviceDesktop size={15} />} onClick={() => createVm(node)}>{i18n._('Create VM')}</Menu.Item>
          <Menu.Item className={classes.item} leftSection={<IconBox size={15} />} onClick={() => createContainer(node)}>{i18n._('Create container')}</Menu.Item>
        </>
      )}
    </>
  )
}

function StorageItems({ row }: { row: Resource }) {
  const [content] = words(row.content).filter((one) => one !== 'none')
  return (
    <>
      <Open row={row} tab="summary" />
      {content && <Open row={row} tab={content} label={i18n._('Browse content')} icon={<IconFolderOpen size={15} />} />}
    </>
  )
}
