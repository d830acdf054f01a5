import { Button, Kbd, UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { IconBox, IconDeviceDesktop, IconSearch } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useSession } from '../api/session'
import { i18n } from '../i18n'
import { createContainer, createVm } from '../views/wizard/open'
import { openPalette, PaletteSlot } from './PaletteSlot'
import { UserMenu } from './UserMenu'
import classes from './Header.module.css'

/** Name, search, what can be made, and who is here. */
export function Header({ menu }: { menu?: ReactNode }) {
  const allocate = useSession((state) => state.session?.cap.vms?.['VM.Allocate'])
  return (
    <header className={classes.header}>
      {menu}
      <Link to="/" className={classes.name} aria-label={i18n._('Pleiad: summary of the datacenter')}>
        <img src="/icon.svg" alt="" width={24} height={24} /> <span className={classes.wide}>Pleiad</span>
      </Link>
      <UnstyledButton className={classes.search} onClick={openPalette} aria-label={i18n._('Search guests, nodes, storages and actions')}>
        <IconSearch size={15} aria-hidden /> <span className={classes.wide}>{i18n._('Search')}</span>
        <Kbd className={`${classes.wide} ${classes.keys}`} size="xs" aria-hidden data-keys="Ctrl K" />
      </UnstyledButton>
      <span className={classes.space} />
      {allocate !== undefined && (
        <>
          <Button className={classes.make} leftSection={<IconDeviceDesktop size={15} />} onClick={() => createVm()} aria-label={i18n._('Create VM')}>
            <span className={classes.wide}>{i18n._('Create VM')}</span>
          </Button>
          <Button className={classes.make} leftSection={<IconBox size={15} />} onClick={() => createContainer()} aria-label={i18n._('Create container')}>
            <span className={classes.wide}>{i18n._('Create container')}</span>
          </Button>
        </>
      )}
      <UserMenu />
      <PaletteSlot />
    </header>
  )
}
