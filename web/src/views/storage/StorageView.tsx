import { useParams } from '@tanstack/react-router'
import { useResource, useResources } from '../../api/resources'
import { i18n } from '../../i18n'
import { ResourceIcon } from '../../ui/parts'
import { TabbedView } from '../../ui/Tabs'
import { words } from '../datacenter/names'
import { tabs } from './tabs'

/** A storage on a node. */
export function StorageView() {
  const { node, storage } = useParams({ from: '/house/storage/$node/$storage/$tab' })
  const row = useResource(`storage/${node}/${storage}`)
  const loaded = useResources((state) => state.loaded)
  if (!row)
    return loaded ? <p role="status">{i18n._('There is no storage {storage} on node {node}, it is disabled, or you may not see it.', { storage, node })}</p> : null
  const title = (
    <>
      <ResourceIcon row={row} size={20} /> {storage} <span className="dim">{i18n._('on {node}', { node })}</span>
    </>
  )
  // Another storage is another view: nothing chosen stays chosen.
  return <TabbedView key={row.id} title={title} tabs={tabs} of={{ node, storage, contents: words(row.content).join() }} />
}
