import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDots } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useMay } from '../../api/hooks'
import type { Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { ActButton } from '../../ui/ActButton'
import { ConsoleButton } from './ConsoleButton'
import classes from './guest.module.css'
import { guestMenuItems, type GuestMenuItem } from './menu'

export { guestMenuItems, type GuestMenuItem } from './menu'

/** Buttons above a guest: power, console, more. */
export function GuestActions({ guest }: { guest: Guest }) {
  const may = useMay(`/vms/${guest.vmid}`)
  const items = guestMenuItems(guest, may)
  const [first, ...power] = items.filter((item) => item.group === 'power')
  const more = items.filter((item) => item.group === 'more')
  return (
    <div className={classes.actions}>
      {first && <Split main={first} rest={power} />}
      {items.filter((item) => item.group === 'open').map((item) => (
        <ConsoleButton key={item.id} guest={guest} item={item} />
      ))}
      <ItemMenu items={more}>
        <Button variant="default" leftSection={<IconDots size={15} aria-hidden />} rightSection={<IconChevronDown size={13} aria-hidden />}>{i18n._('More')}</Button>
      </ItemMenu>
    </div>
  )
}

/** A button, and beside it the menu of its kin. */
function Split({ main, rest }: { main: GuestMenuItem; rest: readonly GuestMenuItem[] }) {
  if (rest.length === 0) return <ActButton icon={main.icon} variant="filled" onClick={main.run} why={main.why}>{main.label}</ActButton>
  return (
    <Button.Group>
      <ActButton icon={main.icon} onClick={main.run} why={main.why}>{main.label}</ActButton>
      <ItemMenu items={rest}>
        <Button variant="default" className={classes.arrow} aria-label={i18n._('More about power')}><IconChevronDown size={14} aria-hidden /></Button>
      </ItemMenu>
    </Button.Group>
  )
}

/** A menu of things to do; what cannot be done says why. */
function ItemMenu({ items, children }: { items: readonly GuestMenuItem[]; children: ReactNode }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {items.map(({ id, icon: Shape, label, run, danger, why }) => (
          <Menu.Item
              key={id}
              className={`${classes.item} ${danger && !why ? classes.danger : ''}`}
              leftSection={<Shape size={15} stroke={1.6} aria-hidden />}
              aria-disabled={why ? true : undefined}
              data-off={why ? true : undefined}
              closeMenuOnClick={!why}
              onClick={why ? undefined : run}
            >
              {label}
              {why && <span className={classes.why}>{why}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
