import { IconBook, IconCpu, IconDatabase, IconLink, IconKey, IconNetwork, IconNote, IconSearch, IconServer2, IconSettings, IconShieldCheck, IconShieldLock, IconUser, IconUsers, IconUsersGroup } from '@tabler/icons-react'
import { createElement, lazy } from 'react'
import { offers } from '../../api/offers'
import { useSession } from '../../api/session'
import { i18n } from '../../i18n'
import type { Tab } from '../../ui/Tabs'
import { Summary } from './Summary'

export type Props = object

const Search = lazy(() => import('./Search').then((module) => ({ default: module.Search })))
const Notes = lazy(() => import('./Notes').then((module) => ({ default: module.Notes })))
const Cluster = lazy(() => import('./Cluster').then((module) => ({ default: module.Cluster })))
const Options = lazy(() => import('./Options').then((module) => ({ default: module.Options })))
const StorageList = lazy(() => import('./StorageList').then((module) => ({ default: module.StorageList })))
const Mappings = lazy(() => import('./Mappings').then((module) => ({ default: module.Mappings })))
const CpuModels = lazy(() => import('./CpuModels').then((module) => ({ default: module.CpuModels })))
const AclTable = lazy(() => import('./AclTable').then((module) => ({ default: module.AclTable })))
const Users = lazy(() => import('./Users').then((module) => ({ default: module.Users })))
const Tokens = lazy(() => import('./Tokens').then((module) => ({ default: module.Tokens })))
const Groups = lazy(() => import('./Groups').then((module) => ({ default: module.Groups })))
const Pools = lazy(() => import('./Pools').then((module) => ({ default: module.Pools })))
const Roles = lazy(() => import('./Roles').then((module) => ({ default: module.Roles })))
const Realms = lazy(() => import('./Realms').then((module) => ({ default: module.Realms })))

/** What only those who may look at the whole see anything in. */
const audits = () => useSession.getState().session?.cap.dc?.['Sys.Audit'] !== undefined

export const tabs: readonly Tab<Props>[] = [
  { id: 'summary', label: () => i18n._('Summary'), icon: IconBook, body: Summary },
  { id: 'search', label: () => i18n._('Search'), icon: IconSearch, body: Search, fills: true },
  { id: 'notes', label: () => i18n._('Notes'), icon: IconNote, body: Notes, when: audits },
  { id: 'cluster', label: () => i18n._('Cluster'), icon: IconServer2, body: Cluster, when: audits, fills: true },
  { id: 'options', label: () => i18n._('Options'), icon: IconSettings, body: Options },
  { id: 'storage', label: () => i18n._('Storage'), icon: IconDatabase, body: StorageList, fills: true },
  { id: 'permissions', label: () => i18n._('Permissions'), icon: IconShieldCheck, body: () => createElement(AclTable), fills: true },
  { id: 'users', label: () => i18n._('Users'), icon: IconUser, body: Users, fills: true },
  { id: 'tokens', label: () => i18n._('API Tokens'), icon: IconKey, body: () => createElement(Tokens), fills: true },
  { id: 'groups', label: () => i18n._('Groups'), icon: IconUsers, body: Groups, fills: true },
  { id: 'pools', label: () => i18n._('Pools'), icon: IconUsersGroup, body: Pools, fills: true },
  { id: 'roles', label: () => i18n._('Roles'), icon: IconShieldLock, body: Roles, fills: true },
  { id: 'realms', label: () => i18n._('Realms'), icon: IconNetwork, body: Realms, fills: true },
  { id: 'mappings', label: () => i18n._('Resource Mappings'), icon: IconLink, body: Mappings, when: () => offers('get /cluster/mapping/pci') || offers('get /cluster/mapping/usb') || offers('get /cluster/mapping/dir'), fills: true },
  { id: 'cpu-models', label: () => i18n._('Custom CPU Models'), icon: IconCpu, body: CpuModels, when: () => offers('get /cluster/qemu/custom-cpu-models'), fills: true },
]
