import { useParams } from '@tanstack/react-router'
import { TabbedView } from '../../ui/Tabs'
import { tabs } from './tabs'

export function StorageView() {
  const { node, storage } = useParams({ from: '/house/storage/$node/$storage/$tab' })
  const of = { node, storage }
  return <TabbedView title={storage} tabs={tabs} of={of} />
}
