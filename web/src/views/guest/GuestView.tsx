import { Anchor, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { IconLock } from '@tabler/icons-react'
import { useGuest, useResources, type Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { ResourceIcon } from '../../ui/parts'
import { TabbedView } from '../../ui/Tabs'
import { GuestActions } from './actions'
import classes from './guest.module.css'
import { tabs } from './tabs'
import { GuestTags } from './GuestTags'

export interface GuestProps {
  guest: Guest
}

/** A VM or a container. */
export function GuestView() {
  const { vmid } = useParams({ from: '/house/guest/$vmid/$tab' })
  const guest = useGuest(Number(vmid))
  const loaded = useResources((state) => state.loaded)
  if (!guest) return loaded ? <Gone vmid={vmid} /> : null
  return <TabbedView key={guest.id} title={<Title guest={guest} />} beside={<GuestTags guest={guest} />} actions={<GuestActions guest={guest} />} tabs={tabs} of={{ guest }} />
}

function Title({ guest }: { guest: Guest }) {
  return (
    <span className={classes.title}>
      <ResourceIcon row={guest} size={20} /> {guest.vmid} {guest.name !== undefined && <span>({guest.name})</span>}
      {guest.lock && <span className={classes.lock}><IconLock size={14} aria-hidden /> {i18n._('locked: {lock}', { lock: guest.lock })}</span>}
    </span>
  )
}

function Gone({ vmid }: { vmid: string }) {
  return (
    <Text p="lg" role="status">
      {i18n._('There is no guest {vmid}, or you may not see it.', { vmid })} <Anchor component={Link} to="/">{i18n._('To the summary of the datacenter')}</Anchor>
    </Text>
  )
}
