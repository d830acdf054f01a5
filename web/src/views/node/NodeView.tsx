// A node: its state and its tabs. What its API does not have has no tab.
import { Button, Menu } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useParams } from '@tanstack/react-router'
import { IconBox, IconChevronDown, IconDeviceDesktop, IconDots, IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconPower, IconRefresh, type Icon } from '@tabler/icons-react'
import { useMemo } from 'react'
import { request } from '../../api/call'
import { useApiAt, useMay } from '../../api/hooks'
import { useResource, useResources } from '../../api/resources'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import { NARROW } from '../../ui/DataTable'
import { ResourceIcon } from '../../ui/parts'
import { TabbedView } from '../../ui/Tabs'
import { createContainer, createVm } from '../wizard/open'
import { openBulk, type What } from './bulk'
import classes from './node.module.css'
import { tabs } from './tabs'

export function NodeView() {
  const { node } = useParams({ from: '/house/node/$node/$tab' })
  const row = useResource(`node/${node}`)
  const loaded = useResources((state) => state.loaded)
  const parts = useParts(node)
  const of = useMemo(() => ({ node, parts }), [node, parts])
  if (!row) return loaded ? <p role="status">{i18n._('There is no node {node}, or you may not see it.', { node })}</p> : null
  const title = <><ResourceIcon row={row} size={20} /> <span>{node}</span></>
  // Until the index is there, it is not known which tab the address means.
  return <TabbedView key={parts ? 'all' : 'first'} title={title} actions={<Actions node={node} parts={parts} />} tabs={parts ? tabs : BEFORE} of={of} />
}

const BEFORE: typeof tabs = []

/** Which parts the API has below a node. */
function useParts(node: string): ReadonlySet<string> | undefined {
  const { data, isError } = useApiAt<{ subdir?: string; name?: string }[]>('/nodes/{node}', { node }, { staleTime: Number.POSITIVE_INFINITY })
  return useMemo(() => {
    if (isError) return new Set()
    return data && new Set(data.map((one) => one.subdir ?? one.name ?? ''))
  }, [data, isError])
}

function Actions({ node, parts }: { node: string; parts: ReadonlySet<string> | undefined }) {
  const may = useMay('/vms')
  const mayNode = useMay(`/nodes/${node}`)
  const canMake = may('VM.Allocate')
  const bulk: { part: What; label: string; icon: Icon }[] = [
    { part: 'startall', label: i18n._('Bulk start'), icon: IconPlayerPlay },
    { part: 'stopall', label: i18n._('Bulk shutdown'), icon: IconPlayerStop },
    { part: 'suspendall', label: i18n._('Bulk pause'), icon: IconPlayerPause },
  ]
  const shown = bulk.filter((one) => parts?.has(one.part) && may('VM.PowerMgmt'))
  // Beside the bulk actions, which came with it.
  const power = mayNode('Sys.PowerMgmt') && parts?.has('startall')
  // On a phone one button holds all of it.
  const narrow = useMediaQuery(NARROW) ?? false
  const make = canMake
    ? [
        { label: i18n._('Create VM here'), icon: IconDeviceDesktop, run: () => createVm(node) },
        { label: i18n._('Create container here'), icon: IconBox, run: () => createContainer(node) },
      ]
    : []
  const inMenu = narrow ? make : []
  return (
    <>
      {!narrow && make.map(({ label, icon: Shape, run }) => <Button key={label} variant="default" leftSection={<Shape size={15} />} onClick={run}>{label}</Button>)}
      {(shown.length > 0 || power || inMenu.length > 0) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" className={classes.more} leftSection={<IconDots size={15} />} rightSection={<IconChevronDown size={13} />}>{i18n._('More')}</Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.menu}>
            {inMenu.map(({ label, icon: Shape, run }) => <Menu.Item key={label} leftSection={<Shape size={15} />} onClick={run}>{label}</Menu.Item>)}
            {inMenu.length > 0 && shown.length > 0 && <Menu.Divider />}
            {shown.map(({ part, label, icon: Shape }) => (
              <Menu.Item key={part} leftSection={<Shape size={15} />} onClick={() => openBulk(node, part, label)}>{label}</Menu.Item>
            ))}
            {power && (
              <>
                <Menu.Divider />
                <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => end(node, 'reboot')}>{i18n._('Reboot node')}</Menu.Item>
                <Menu.Item leftSection={<IconPower size={15} />} onClick={() => end(node, 'shutdown')}>{i18n._('Shut down node')}</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}

/** Ends the machine itself, which takes its guests with it. */
function end(node: string, command: 'reboot' | 'shutdown') {
  const reboot = command === 'reboot'
  confirm({
    title: reboot ? i18n._('Reboot {node}', { node }) : i18n._('Shut down {node}', { node }),
    text: reboot
      ? i18n._('The machine {node} reboots. Its guests are shut down, and this page has no connection until it is back.', { node })
      : i18n._('The machine {node} is switched off with all its guests. This page cannot switch it on again.', { node }),
    typed: node,
    action: reboot ? i18n._('Reboot node') : i18n._('Shut down node'),
    run: () => request('post', '/nodes/{node}/status', { node, command }),
  })
}
