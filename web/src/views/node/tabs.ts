import { IconBook, IconCertificate, IconClock, IconDatabaseCog, IconFileText, IconHistory, IconListDetails, IconNetwork, IconNotes, IconPackage, IconServerCog, IconShieldCheck, IconTerminal2, IconWorld } from '@tabler/icons-react'
import { createElement, lazy } from 'react'
import { useSession } from '../../api/session'
import { i18n } from '../../i18n'
import type { Tab } from '../../ui/Tabs'
import { AclTable } from '../datacenter/AclTable'
import { Certificates } from './Certificates'
import { Disks } from './disks/Disks'
import { Dns, Hosts, Time } from './Host'
import { Network } from './Network'
import { NodeNotes } from './NodeNotes'
import { Services } from './Services'
import { Summary } from './Summary'
import { SystemLog } from './SystemLog'
import { TaskHistory } from './TaskHistory'
import { Updates } from './Updates'

const NodeShell = lazy(() => import('../console/NodeShell').then((module) => ({ default: module.NodeShell })))

export interface Props {
  node: string
  /** What the node's part of the API has, as its index says. */
  parts?: ReadonlySet<string>
}

const has = (part: string) => ({ parts }: Props) => parts?.has(part) ?? false
const mayConsole = () => useSession.getState().session?.cap.nodes?.['Sys.Console'] !== undefined

export const tabs: readonly Tab<Props>[] = [
  { id: 'summary', label: () => i18n._('Summary'), icon: IconBook, body: Summary },
  { id: 'notes', label: () => i18n._('Notes'), icon: IconNotes, body: NodeNotes, when: has('config') },
  { id: 'shell', label: () => i18n._('Shell'), icon: IconTerminal2, body: ({ node }) => createElement(NodeShell, { node }), fills: true, when: mayConsole },
  { id: 'network', label: () => i18n._('Network'), icon: IconNetwork, body: Network, fills: true },
  { id: 'dns', label: () => i18n._('DNS'), icon: IconWorld, body: Dns },
  { id: 'hosts', label: () => i18n._('Hosts'), icon: IconFileText, body: Hosts },
  { id: 'time', label: () => i18n._('Time'), icon: IconClock, body: Time },
  { id: 'certificates', label: () => i18n._('Certificates'), icon: IconCertificate, body: Certificates, when: has('certificates') },
  { id: 'services', label: () => i18n._('Services'), icon: IconServerCog, body: Services, fills: true, when: has('services') },
  { id: 'syslog', label: () => i18n._('System log'), icon: IconListDetails, body: SystemLog, fills: true, when: has('journal') },
  { id: 'updates', label: () => i18n._('Updates'), icon: IconPackage, body: Updates, fills: true, when: has('apt') },
  { id: 'disks', label: () => i18n._('Disks'), icon: IconDatabaseCog, body: Disks, fills: true, when: has('disks') },
  { id: 'tasks', label: () => i18n._('Task History'), icon: IconHistory, body: TaskHistory, fills: true },
  { id: 'permissions', label: () => i18n._('Permissions'), icon: IconShieldCheck, body: ({ node }) => createElement(AclTable, { path: `/nodes/${node}` }), fills: true },
]
