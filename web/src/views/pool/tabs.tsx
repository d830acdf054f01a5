import { IconBook, IconList, IconShieldCheck } from '@tabler/icons-react'
import { lazy } from 'react'
import { i18n } from '../../i18n'
import type { Tab } from '../../ui/Tabs'

export interface Props {
  pool: string
}

const Summary = lazy(() => import('./Summary').then((module) => ({ default: module.Summary })))
const Members = lazy(() => import('./Members').then((module) => ({ default: module.Members })))
const AclTable = lazy(() => import('../datacenter/AclTable').then((module) => ({ default: module.AclTable })))

export const tabs: readonly Tab<Props>[] = [
  { id: 'summary', label: () => i18n._('Summary'), icon: IconBook, body: Summary },
  { id: 'members', label: () => i18n._('Members'), icon: IconList, body: Members, fills: true },
  { id: 'permissions', label: () => i18n._('Permissions'), icon: IconShieldCheck, body: ({ pool }) => <AclTable path={`/pool/${pool}`} />, fills: true },
]
