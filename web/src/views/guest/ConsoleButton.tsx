// The button that opens a guest's console, and beside it those that it has besides.
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDeviceTv, IconTerminal } from '@tabler/icons-react'
import { useApiAt } from '../../api/hooks'
import type { Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { ActButton } from '../../ui/ActButton'
import { attempt } from '../../ui/notify'
import { openConsoleWindow } from '../console/open'
import { hasSpice, openSpice } from '../console/spice'
import { guestPath } from './config/useSettings'
import classes from './guest.module.css'
import type { GuestMenuItem } from './menu'

export function ConsoleButton({ guest, item }: { guest: Guest; item: GuestMenuItem }) {
  const vm = guest.type === 'qemu'
  const { data } = useApiAt<Record<string, string>>(`${guestPath(guest)}/config`, {}, { enabled: vm && !item.why })
  const serial = Object.keys(data ?? {}).some((key) => /^serial\d$/.test(key))
  const spice = hasSpice(data?.vga)
  const main = <ActButton icon={item.icon} onClick={item.run} why={item.why}>{item.label}</ActButton>
  if (!vm || item.why || !(serial || spice)) return main
  return (
    <Button.Group>
      {main}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" className={`${classes.arrow} ${classes.roomy}`} aria-label={i18n._('More consoles')}><IconChevronDown size={14} aria-hidden /></Button>
        </Menu.Target>
        <Menu.Dropdown>
          {spice && <Menu.Item leftSection={<IconDeviceTv size={15} />} onClick={() => void attempt('SPICE', () => openSpice(guest))}>SPICE</Menu.Item>}
          {serial && <Menu.Item leftSection={<IconTerminal size={15} />} onClick={() => openConsoleWindow(guest.vmid, 'term')}>{i18n._('Serial')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  )
}
