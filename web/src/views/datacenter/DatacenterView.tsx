import { i18n } from '../../i18n'
import { TabbedView } from '../../ui/Tabs'
import { tabs } from './tabs'

/** What concerns all nodes. */
export const DatacenterView = () => <TabbedView title={i18n._('Datacenter')} tabs={tabs} of={{}} />
