// A table of definitions: each line opens the dialog of its fields.
import { useMay } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { useSession } from '../../../api/session'
import { i18n } from '../../../i18n'
import { openDialog } from '../../../ui/dialogs'
import { attempt } from '../../../ui/notify'
import { Loaded } from '../../../ui/parts'
import { ConfigTable, type Act } from './ConfigTable'
import { SettingsForm } from './fields'
import { act, lacks, rowOf, type Definition } from './rows'
import { nextOf } from './settings'
import { useChangeSettings, useSettings, type Change, type Seen } from './useSettings'

export interface EditorProps {
  seen: Seen
  change: Change
  close: () => void
}

/** A definition whose dialog is not made of fields. */
export interface CustomDefinition extends Definition {
  editor?: (props: EditorProps) => React.ReactNode
  /** What else can be done with it. */
  more?: (seen: Seen) => readonly Act[]
  /** Takes it away. */
  remove?: (seen: Seen) => Act
  /** It has a line only where it is set. */
  onlySet?: boolean
}

interface Props {
  guest: Guest
  label: string
  definitions: readonly CustomDefinition[]
  /** What is told beside values, by definition. */
  beside?: ReadonlyMap<string, string>
  /** What the menu of further acts is called. */
  more?: string
  /** What can be added. */
  add?: (seen: Seen, change: Change) => readonly Act[]
}

export function DefinitionTable({ guest, label, definitions, add, beside, more }: Props) {
  const query = useSettings(guest)
  const change = useChangeSettings(guest)
  const may = useMayChange(guest)
  return (
    <Loaded query={query} lines={10}>
      {(seen) => (
        <ConfigTable
          label={label}
          more={more}
          add={add?.(seen, change)}
          rows={definitions.filter(({ onlySet, keys }) => !onlySet || keys.some((key) => seen.settings.has(key))).map((definition) => ({
            ...rowOf(definition, seen.settings),
            beside: beside?.get(definition.id),
            more: definition.more?.(seen),
            remove: definition.remove?.(seen),
            edit: definition.needs ? act(i18n._('Edit'), undefined, () => edit(definition, seen, change), lacks(may, definition.needs)) : undefined,
          }))}
          revert={(keys) => void attempt(i18n._('Revert'), () => change({ revert: keys.join(',') }, seen.digest))}
        />
      )}
    </Loaded>
  )
}

/** What the user may change; some options are for root@pam alone. */
export function useMayChange(guest: Guest): (privilege: string) => boolean {
  const may = useMay(`/vms/${guest.vmid}`)
  const system = useMay('/')
  const isRoot = useSession((state) => state.session?.username === 'root@pam')
  return (privilege) => (privilege === 'root@pam' ? isRoot : privilege === 'Sys.Modify' ? system(privilege) : may(privilege))
}

function edit(definition: CustomDefinition, seen: Seen, change: Change) {
  const get = nextOf(seen.settings)
  openDialog(i18n._('Edit: {what}', { what: definition.label() }), (close) =>
    definition.editor ? (
      definition.editor({ seen, change, close })
    ) : (
      <SettingsForm fields={definition.fields?.(get) ?? []} get={get} change={(parameters) => change(parameters, seen.digest)} close={close} note={definition.note?.()} />
    ))
}
