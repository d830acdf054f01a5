import { useParams } from '@tanstack/react-router'
import { useGuest, useResources, type Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { ResourceIcon } from '../../ui/parts'
import { TabbedView } from '../../ui/Tabs'
import { GuestActions } from './actions'
import { tabs } from './tabs'

export interface GuestProps {
  guest: Guest
}

/** A VM or a container. */
export function GuestView() {
  const { vmid } = useParams({ from: '/house/guest/$vmid/$tab' })
  const guest = useGuest(Number(vmid))
  const loaded = useResources((state) => state.loaded)
  if (!guest) return loaded ? <p role="status">{i18n._('There is no guest {vmid}, or you may not see it.', { vmid })}</p> : null
  const title = (
    <>
      <ResourceIcon row={guest} size={20} /> {guest.vmid} <span>{guest.name}</span>
    </>
  )
  return <TabbedView title={title} actions={<GuestActions guest={guest} />} tabs={tabs} of={{ guest }} />
}
