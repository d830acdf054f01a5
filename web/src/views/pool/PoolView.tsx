import { useParams } from '@tanstack/react-router'
import { TabbedView } from '../../ui/Tabs'
import { tabs } from './tabs'

export function PoolView() {
  const { pool } = useParams({ from: '/house/pool/$pool/$tab' })
  const of = { pool }
  return <TabbedView title={pool} tabs={tabs} of={of} />
}
