// A node: its state and its tabs. What its API does not have has no tab.
import { Button, Menu } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { IconBox, IconChevronDown, IconDeviceDesktop, IconDots, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useApiAt, useMay } from '../../api/hooks'
import { useResource, useResources } from '../../api/resources'
import { i18n } from '../../i18n'
import { ResourceIcon } from '../../ui/parts'
import { TabbedView } from '../../ui/Tabs'
import { createContainer, createVm } from '../wizard/open'
import { openBulk } from './bulk'
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
  const canMake = may('VM.Allocate')
  const bulk = [
    { part: 'startall', label: i18n._('Bulk start'), icon: IconPlayerPlay },
    { part: 'stopall', label: i18n._('Bulk shutdown'), icon: IconPlayerStop },
  ].filter((one) => parts?.has(one.part) && may('VM.PowerMgmt'))
  return (
    <>
      {canMake && <Button variant="default" leftSection={<IconDeviceDesktop size={15} />} onClick={() => createVm(node)}>{i18n._('Create VM here')}</Button>}
      {canMake && <Button variant="default" leftSection={<IconBox size={15} />} onClick={() => createContainer(node)}>{i18n._('Create container here')}</Button>}
      {bulk.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDots size={15} />} rightSection={<IconChevronDown size={13} />}>{i18n._('Bulk actions')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {bulk.map(({ part, label, icon: Shape }) => (
              <Menu.Item key={part} leftSection={<Shape size={15} />} onClick={() => openBulk(node, part as 'startall' | 'stopall', label)}>{label}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}
