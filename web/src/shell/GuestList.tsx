// All guests for the thumb: state, what they use, and what can be done with them.
import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconDotsVertical, IconSearch } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { useGuests, type Guest } from '../api/resources'
import { i18n } from '../i18n'
import { bytes, percent } from '../lib/format'
import { ResourceIcon, stateName } from '../ui/parts'
import { GuestItems } from './ContextMenu'
import { TagDots } from './Tags'
import { matches, wordsOf } from './tree'
import classes from './BottomPanel.module.css'

const ROW_PX = 60

export function GuestList() {
  const guests = useGuests()
  const [search, setSearch] = useState('')
  const shown = useMemo(() => {
    const words = wordsOf(search)
    return guests.filter((guest) => matches(guest, words))
  }, [guests, search])
  const box = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 6 })
  return (
    <>
      <TextInput size="md" className={classes.find} aria-label={i18n._('Filter guests')} placeholder={i18n._('Name, ID or tag')} leftSection={<IconSearch size={16} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      {shown.length === 0 && <p className="dim" role="status">{guests.length === 0 ? i18n._('There are no guests yet.') : i18n._('Nothing is called that.')}</p>}
      <div ref={box} className={classes.guests}>
        <ul className={classes.guestList} aria-label={i18n._('Guests')} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const guest = shown[item.index]
            return guest && <Row key={guest.id} guest={guest} top={item.start} />
          })}
        </ul>
      </div>
    </>
  )
}

function Row({ guest, top }: { guest: Guest; top: number }) {
  const name = guest.name || String(guest.vmid)
  return (
    <li className={classes.guest} style={{ transform: `translateY(${top}px)`, height: ROW_PX }}>
      <Link to="/guest/$vmid/$tab" params={{ vmid: String(guest.vmid), tab: 'summary' }} className={classes.guestLink}>
        <ResourceIcon row={guest} size={22} />
        <span className={classes.guestText}>
          <span className={classes.guestName}><span>{name}</span> <TagDots tags={guest.tags} /></span>
          <span className={classes.guestFigures}>
            {guest.vmid} · {guest.node} · {stateName(guest)}
            {guest.status === 'running' && ` · ${percent(guest.cpu)} · ${bytes(guest.mem)}`}
          </span>
        </span>
      </Link>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={44} variant="subtle" aria-label={i18n._('What can be done with {name}', { name })}><IconDotsVertical size={20} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown><GuestItems guest={guest} /></Menu.Dropdown>
      </Menu>
    </li>
  )
}
