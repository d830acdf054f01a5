import { IconCamera, IconChartLine, IconCloud, IconDeviceDesktop, IconFileText, IconKey, IconList, IconNetwork, IconPrompt, IconRobot, IconServerCog, IconSettings, IconTerminal2, IconWorld } from '@tabler/icons-react'
import { lazy } from 'react'
import { offers } from '../../api/offers'
import { useSession } from '../../api/session'
import { i18n } from '../../i18n'
import type { Tab } from '../../ui/Tabs'
import { AclTable } from '../datacenter/AclTable'
import { GuestConsole } from '../console/GuestConsole'
import type { GuestProps } from './GuestView'
import { Summary } from './summary/Summary'

const Hardware = lazy(() => import('./hardware/Hardware').then((module) => ({ default: module.Hardware })))
const CloudInit = lazy(() => import('./cloudinit/CloudInit').then((module) => ({ default: module.CloudInit })))
const Options = lazy(() => import('./options/Options').then((module) => ({ default: module.Options })))
const Resources = lazy(() => import('./container/Resources').then((module) => ({ default: module.Resources })))
const Network = lazy(() => import('./container/Network').then((module) => ({ default: module.Network })))
const Dns = lazy(() => import('./container/Dns').then((module) => ({ default: module.Dns })))
const Agent = lazy(() => import('./agent/Agent').then((module) => ({ default: module.Agent })))
const Monitor = lazy(() => import('./monitor/Monitor').then((module) => ({ default: module.Monitor })))
const QemuLog = lazy(() => import('./monitor/QemuLog').then((module) => ({ default: module.QemuLog })))
const Snapshots = lazy(() => import('./snapshots/Snapshots').then((module) => ({ default: module.Snapshots })))
const Tasks = lazy(() => import('./Tasks').then((module) => ({ default: module.Tasks })))

const isVm = ({ guest }: GuestProps) => guest.type === 'qemu'
const isContainer = ({ guest }: GuestProps) => guest.type === 'lxc'

/** Commands of QEMU show and change the host's side: they are for those who administrate something of it. */
const audits = () => ['Sys.Audit', 'Sys.Modify'].some((privilege) => Object.values(useSession.getState().session?.cap ?? {}).some((area) => area?.[privilege] !== undefined))

export const tabs: readonly Tab<GuestProps>[] = [
  { id: 'summary', label: () => i18n._('Summary'), icon: IconChartLine, body: Summary },
  { id: 'console', label: () => i18n._('Console'), icon: IconTerminal2, body: GuestConsole, when: ({ guest }) => !guest.template, fills: true },
  { id: 'hardware', label: () => i18n._('Hardware'), icon: IconDeviceDesktop, body: Hardware, when: isVm, fills: true },
  { id: 'resources', label: () => i18n._('Resources'), icon: IconServerCog, body: Resources, when: isContainer, fills: true },
  { id: 'network', label: () => i18n._('Network'), icon: IconNetwork, body: Network, when: isContainer, fills: true },
  { id: 'dns', label: () => i18n._('DNS'), icon: IconWorld, body: Dns, when: isContainer, fills: true },
  { id: 'cloudinit', label: () => i18n._('Cloud-Init'), icon: IconCloud, body: CloudInit, when: (of) => isVm(of) && offers('get /nodes/{node}/qemu/{vmid}/cloudinit'), fills: true },
  { id: 'options', label: () => i18n._('Options'), icon: IconSettings, body: Options, fills: true },
  { id: 'agent', label: () => i18n._('Guest Agent'), icon: IconRobot, body: Agent, when: (of) => isVm(of) && !of.guest.template },
  { id: 'tasks', label: () => i18n._('Task History'), icon: IconList, body: Tasks, fills: true },
  { id: 'monitor', label: () => i18n._('Monitor'), icon: IconPrompt, body: Monitor, when: (of) => isVm(of) && !of.guest.template && audits(), fills: true },
  { id: 'log', label: () => i18n._('QEMU Log'), icon: IconFileText, body: QemuLog, when: (of) => isVm(of) && !of.guest.template && offers('get /pleiad/nodes/{node}/qemu/{vmid}/log'), fills: true },
  { id: 'snapshots', label: () => i18n._('Snapshots'), icon: IconCamera, body: Snapshots, when: ({ guest }) => !guest.template, fills: true },
  { id: 'permissions', label: () => i18n._('Permissions'), icon: IconKey, body: ({ guest }) => <AclTable path={`/vms/${guest.vmid}`} />, fills: true },
]
