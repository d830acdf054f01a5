// What surrounds a console: its bar of buttons, and what there is to say when it is not connected.
import { ActionIcon, Button, Loader, Menu, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconExternalLink, IconPlugConnected } from '@tabler/icons-react'
import { useRef, type ReactNode } from 'react'
import { i18n } from '../../i18n'
import type { Connection } from './useReconnect'
import classes from './Console.module.css'

interface Props {
  connection: Connection
  /** What to say instead of the console: the guest is off. */
  off?: ReactNode
  tools?: ReactNode
  /** Opens the console in a window of its own, where it is not in one. */
  detach?: () => void
  children: ReactNode
  /** Keys that a touch screen lacks. */
  keys?: ReactNode
}

export function ConsoleFrame({ connection, off, tools, detach, children, keys }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const fullScreen = () => (document.fullscreenElement ? void document.exitFullscreen() : void frame.current?.requestFullscreen())
  return (
    <div className={classes.frame} ref={frame} data-phase={connection.phase}>
      <div className={classes.bar} role="toolbar" aria-label={i18n._('Console')}>
        <output className={classes.state} aria-live="polite">{off ? '' : phaseName(connection)}</output>
        <span className={classes.space} />
        {tools}
        <Tool label={i18n._('Full screen')} run={fullScreen}><IconArrowsMaximize size={16} /></Tool>
        {detach && <Tool label={i18n._('In a window of its own')} run={detach}><IconExternalLink size={16} /></Tool>}
      </div>
      <div className={classes.screen}>
        {children}
        {off && <div className={classes.over}>{off}</div>}
        {!off && connection.phase !== 'open' && (
          <div className={classes.over}>
            {connection.phase === 'connecting' && <Loader size="sm" color="gray" />}
            {connection.phase !== 'connecting' && (
              <>
                <p role="alert">{connection.reason || i18n._('The connection has ended.')}</p>
                <Button leftSection={<IconPlugConnected size={16} />} onClick={connection.again}>{i18n._('Connect again')}</Button>
              </>
            )}
          </div>
        )}
      </div>
      {keys}
    </div>
  )
}

function phaseName({ phase }: Connection): string {
  switch (phase) {
    case 'open': return i18n._('Connected')
    case 'connecting': return i18n._('Connecting…')
    case 'waiting': return i18n._('Connection lost; trying again…')
    default: return i18n._('Not connected')
  }
}

/** A button of the bar. */
export function Tool({ label, run, active, children }: { label: string; run: () => void; active?: boolean; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} aria-pressed={active} variant={active ? 'filled' : 'subtle'} color="gray" onClick={run}>{children}</ActionIcon>
    </Tooltip>
  )
}

/** A menu of the bar. */
export function ToolMenu({ label, icon, items }: { label: string; icon: ReactNode; items: { label: string; run: () => void; disabled?: boolean; danger?: boolean; why?: string }[] }) {
  return (
    <Menu withinPortal={false}>
      <Menu.Target>
        <ActionIcon aria-label={label} title={label} variant="subtle" color="gray">{icon}</ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ label: name, run, disabled, danger, why }) => (
          <Menu.Item key={name} className={danger && !disabled ? classes.danger : undefined} onClick={run} disabled={disabled}>
            {name}
            {why && <div className="dim">{why}</div>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
