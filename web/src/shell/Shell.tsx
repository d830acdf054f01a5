// The house: header, tree, the view in the middle, tasks below. On a phone the tree is a drawer.
import { ActionIcon, Drawer } from '@mantine/core'
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { Outlet, useLocation } from '@tanstack/react-router'
import { IconMenu2 } from '@tabler/icons-react'
import { useEffect, type PointerEvent } from 'react'
import { i18n } from '../i18n'
import { NARROW } from '../ui/DataTable'
import { Dialogs } from '../ui/dialogs'
import { StaleNote } from '../ui/parts'
import { BottomPanel } from './BottomPanel'
import { Header } from './Header'
import { Tree } from './Tree'
import classes from './Shell.module.css'

export function Shell() {
  const narrow = useMediaQuery(NARROW) ?? false
  const [drawer, { open, close }] = useDisclosure(false)
  const [width, setWidth] = useLocalStorage({ key: 'pleiad.tree.width', defaultValue: 270 })
  const { pathname } = useLocation()
  useEffect(close, [pathname, close])
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 1) setWidth(Math.max(180, Math.min(600, event.clientX)))
  }
  return (
    <div className={classes.shell} style={narrow ? undefined : { gridTemplateColumns: `${width}px minmax(0, 1fr)` }}>
      <a href="#content" className={classes.skip}>{i18n._('To the content')}</a>
      <Header
        menu={narrow && (
          <ActionIcon aria-label={i18n._('Show the tree')} variant="subtle" color="gray.0" size="lg" onClick={open}>
            <IconMenu2 size={20} />
          </ActionIcon>
        )}
      />
      {!narrow && (
        <aside className={classes.tree} aria-label={i18n._('Resources')}>
          <Tree />
          <div
            className={classes.split}
            role="separator"
            aria-orientation="vertical"
            aria-label={i18n._('Width of the tree')}
            aria-valuenow={width}
            aria-valuemin={180}
            aria-valuemax={600}
            tabIndex={0}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') setWidth(Math.max(180, width - 20))
              if (event.key === 'ArrowRight') setWidth(Math.min(600, width + 20))
            }}
          />
        </aside>
      )}
      {narrow && (
        <Drawer opened={drawer} onClose={close} size="85%" title={i18n._('Resources')} classNames={{ body: classes.drawer, content: classes.drawerContent }} closeButtonProps={{ 'aria-label': i18n._('Close') }}>
          <Tree />
        </Drawer>
      )}
      <main id="content" className={classes.main} tabIndex={-1}>
        <StaleNote />
        <div className={classes.view}><Outlet /></div>
      </main>
      <BottomPanel narrow={narrow} />
      <Dialogs />
    </div>
  )
}
