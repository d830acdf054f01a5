import { settable } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { DefinitionTable } from '../config/DefinitionTable'
import { CONTAINER_OPTIONS } from './container'
import { vmOptions } from './vm'

/** How a guest behaves, beyond what it is made of. */
export const Options = ({ guest }: { guest: Guest }) => (
  <DefinitionTable guest={guest} label={i18n._('Options')} definitions={guest.type === 'qemu' ? offered(guest) : CONTAINER_OPTIONS} />
)

/** Options that this version refuses have no line, except where a VM has them from elsewhere. */
const offered = (guest: Guest) =>
  vmOptions(guest).map((definition) => (definition.keys.some((key) => settable(key)) ? definition : { ...definition, onlySet: true, needs: undefined }))
