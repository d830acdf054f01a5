// Names of a container, and where it asks for those of others.
import { IconAbc, IconServer, IconWorld } from '@tabler/icons-react'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { DefinitionTable } from '../config/DefinitionTable'
import type { Definition } from '../config/rows'
import { plain } from '../options/common'

const NETWORK = 'VM.Config.Network'
const ofHost = () => i18n._('use host settings')

const DNS: readonly Definition[] = [
  plain({ key: 'hostname', kind: 'text', label: () => i18n._('Hostname') }, NETWORK, IconAbc, () => i18n._('none')),
  plain({ key: 'searchdomain', kind: 'list', separator: ' ', label: () => i18n._('DNS domain'), placeholder: ofHost }, NETWORK, IconWorld, ofHost),
  plain({ key: 'nameserver', kind: 'list', separator: ' ', label: () => i18n._('DNS servers'), placeholder: ofHost }, NETWORK, IconServer, ofHost),
]

export const Dns = ({ guest }: { guest: Guest }) => <DefinitionTable guest={guest} label={i18n._('DNS')} definitions={DNS} />
