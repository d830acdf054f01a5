import { useDocumentTitle } from '@mantine/hooks'
import { useParams } from '@tanstack/react-router'
import { useGuest, useResources } from '../../api/resources'
import { i18n } from '../../i18n'
import { Dialogs } from '../../ui/dialogs'
import { GuestConsole } from './GuestConsole'
import { NodeShell } from './NodeShell'
import type { ConsoleKind } from './open'
import classes from './Console.module.css'

/** A console in a window of its own. */
export function ConsolePage() {
  const { target, kind } = useParams({ from: '/console/$target/$kind' })
  const guest = useGuest(Number(target))
  const loaded = useResources((state) => state.loaded)
  const name = kind === 'shell' ? target : `${target} ${guest?.name ?? ''}`
  useDocumentTitle(`${name} – Pleiad`)
  return (
    <main className={classes.page}>
      {kind === 'shell' && <NodeShell node={target} detached />}
      {kind !== 'shell' && guest && <GuestConsole guest={guest} kind={kind as ConsoleKind} detached />}
      {kind !== 'shell' && !guest && loaded && <p role="status">{i18n._('There is no guest {vmid}, or you may not see it.', { vmid: target })}</p>}
      <Dialogs />
    </main>
  )
}
