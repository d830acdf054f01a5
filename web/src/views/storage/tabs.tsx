import { IconBook, IconBox, IconDeviceFloppy, IconDisc, IconFileCode, IconFileImport, IconPackage, IconServer, IconShieldCheck, type Icon } from '@tabler/icons-react'
import { lazy, type ComponentType } from 'react'
import { i18n } from '../../i18n'
import type { Tab } from '../../ui/Tabs'

export interface Props {
  node: string
  storage: string
  /** Kinds of content that it takes, separated by commas. */
  contents: string
}

const Summary = lazy(() => import('./Summary').then((module) => ({ default: module.Summary })))
const Content = lazy(() => import('./Content').then((module) => ({ default: module.Content })))
const AclTable = lazy(() => import('../datacenter/AclTable').then((module) => ({ default: module.AclTable })))

/** The tab of a kind of content; there when the storage takes it. */
function tab(content: string, label: () => string, icon: Icon): Tab<Props> {
  const body: ComponentType<Props> = ({ node, storage }) => <Content key={content} node={node} storage={storage} content={content} />
  return { id: content, label, icon, body, fills: true, when: ({ contents }) => contents.split(',').includes(content) }
}

export const tabs: readonly Tab<Props>[] = [
  { id: 'summary', label: () => i18n._('Summary'), icon: IconBook, body: Summary },
  tab('backup', () => i18n._('Backups'), IconDeviceFloppy),
  tab('images', () => i18n._('VM Disks'), IconServer),
  tab('rootdir', () => i18n._('CT Volumes'), IconBox),
  tab('iso', () => i18n._('ISO Images'), IconDisc),
  tab('vztmpl', () => i18n._('CT Templates'), IconPackage),
  tab('import', () => i18n._('Import'), IconFileImport),
  tab('snippets', () => i18n._('Snippets'), IconFileCode),
  { id: 'permissions', label: () => i18n._('Permissions'), icon: IconShieldCheck, body: ({ storage }) => <AclTable path={`/storage/${storage}`} />, fills: true },
]
