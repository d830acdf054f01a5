// What the thumb reaches on a phone: home, guests, tasks, search.
import { Drawer, Indicator, Tabs, UnstyledButton } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { IconChevronDown, IconDeviceDesktop, IconHome, IconListCheck, IconSearch, type Icon } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { i18n } from '../i18n'
import { openPalette } from './PaletteSlot'
import { ClusterLog } from './ClusterLog'
import { GuestList } from './GuestList'
import { TaskTable, useRunning } from './TaskTable'
import classes from './BottomPanel.module.css'

type Sheet = 'guests' | 'tasks'

export function PhoneBar() {
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const { pathname } = useLocation()
  const running = useRunning()
  const close = () => setSheet(null)
  useEffect(() => setSheet(null), [pathname])
  const mark = (Shape: Icon) => <Shape size={22} stroke={1.6} aria-hidden />
  return (
    <footer>
      <nav className={classes.phone} aria-label={i18n._('Main')}>
        <Link to="/dc/$tab" params={{ tab: 'summary' }} className={classes.thumb} aria-current={pathname.startsWith('/dc/') ? 'page' : undefined}>
          {mark(IconHome)} {i18n._('Home')}
        </Link>
        <UnstyledButton className={classes.thumb} aria-haspopup="dialog" onClick={() => setSheet('guests')}>{mark(IconDeviceDesktop)} {i18n._('Guests')}</UnstyledButton>
        <UnstyledButton className={classes.thumb} aria-haspopup="dialog" onClick={() => setSheet('tasks')}>
          <Indicator disabled={running === 0} label={running} size={15} offset={3} className={classes.mark}>{mark(IconListCheck)}</Indicator> {i18n._('Tasks')}
        </UnstyledButton>
        <UnstyledButton className={classes.thumb} aria-haspopup="dialog" onClick={openPalette}>{mark(IconSearch)} {i18n._('Search')}</UnstyledButton>
      </nav>
      <SheetDrawer title={i18n._('Guests')} opened={sheet === 'guests'} close={close}><GuestList /></SheetDrawer>
      <SheetDrawer title={i18n._('Tasks')} opened={sheet === 'tasks'} close={close}><TaskSheet /></SheetDrawer>
    </footer>
  )
}

function SheetDrawer({ title, opened, close, children }: { title: string; opened: boolean; close: () => void; children: ReactNode }) {
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="bottom"
      size="100%"
      title={title}
      classNames={{ content: classes.sheet, body: classes.sheetBody }}
      closeButtonProps={{ 'aria-label': i18n._('Close'), size: 44, iconSize: 22 }}
    >
      {children}
      {/* The thumb does not reach the corner at the top. */}
      <UnstyledButton className={classes.sheetClose} onClick={close}><IconChevronDown size={18} aria-hidden /> {i18n._('Close')}</UnstyledButton>
    </Drawer>
  )
}

function TaskSheet() {
  return (
    <Tabs defaultValue="tasks" keepMounted={false} className={classes.sheetTabs}>
      <Tabs.List grow>
        <Tabs.Tab value="tasks" className={classes.sheetTab}>{i18n._('Tasks')}</Tabs.Tab>
        <Tabs.Tab value="log" className={classes.sheetTab}>{i18n._('Cluster log')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="tasks" className={classes.sheetPanel}><TaskTable narrow /></Tabs.Panel>
      <Tabs.Panel value="log" className={classes.sheetPanel}><ClusterLog narrow /></Tabs.Panel>
    </Tabs>
  )
}
