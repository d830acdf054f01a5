import { useParams } from '@tanstack/react-router'
import { IconUsersGroup } from '@tabler/icons-react'
import { i18n } from '../../i18n'
import { TabbedView } from '../../ui/Tabs'
import { tabs } from './tabs'

/** A pool: guests and storages that belong together. */
export function PoolView() {
  const { pool } = useParams({ from: '/house/pool/$pool/$tab' })
  const title = (
    <>
      <IconUsersGroup size={20} stroke={1.6} aria-hidden /> <span><span className="visually-hidden">{i18n._('Pool')} </span>{pool}</span>
    </>
  )
  return <TabbedView key={pool} title={title} tabs={tabs} of={{ pool }} />
}
