import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { DefinitionTable } from '../config/DefinitionTable'
import { CONTAINER_OPTIONS } from './container'
import { VM_OPTIONS } from './vm'

/** How a guest behaves, beyond what it is made of. */
export const Options = ({ guest }: { guest: Guest }) => (
  <DefinitionTable guest={guest} label={i18n._('Options')} definitions={guest.type === 'qemu' ? VM_OPTIONS : CONTAINER_OPTIONS} />
)
