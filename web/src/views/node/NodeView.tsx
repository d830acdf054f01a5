import { useParams } from '@tanstack/react-router'
import { TabbedView } from '../../ui/Tabs'
import { tabs } from './tabs'

export function NodeView() {
  const { node } = useParams({ from: '/house/node/$node/$tab' })
  const of = { node }
  return <TabbedView title={node} tabs={tabs} of={of} />
}
