// Below everything: what is being done, and what the nodes tell. On a phone a bar for the thumb.
import { ActionIcon, Badge, UnstyledButton } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useState, type PointerEvent } from 'react'
import { i18n } from '../i18n'
import { ErrorBoundary } from '../ui/ErrorBoundary'
import { ClusterLog } from './ClusterLog'
import { PhoneBar } from './PhoneBar'
import { TaskTable, useRunning } from './TaskTable'
import classes from './BottomPanel.module.css'

/** Heights, px. */
const LEAST = 90
const MOST_OF_WINDOW = 0.7
const clamp = (height: number) => Math.round(Math.max(LEAST, Math.min(window.innerHeight * MOST_OF_WINDOW, height)))

/** Tasks and the cluster log. */
export const BottomPanel = ({ narrow }: { narrow: boolean }) => (narrow ? <PhoneBar /> : <Panel />)

type Tab = 'tasks' | 'log'

function Panel() {
  const [height, setHeight] = useLocalStorage({ key: 'pleiad.bottom.height', defaultValue: 190, getInitialValueInEffect: false })
  const [open, setOpen] = useLocalStorage({ key: 'pleiad.bottom.open', defaultValue: true, getInitialValueInEffect: false })
  const [tab, setTab] = useState<Tab>('tasks')
  const running = useRunning()
  const choose = (to: Tab) => {
    setTab(to)
    setOpen(true)
  }
  const drag = (event: PointerEvent) => {
    if (event.buttons === 1) setHeight(clamp(window.innerHeight - event.clientY))
  }
  const name = (to: Tab) => (to === 'tasks' ? i18n._('Tasks') : i18n._('Cluster log'))
  return (
    <footer className={classes.panel} aria-label={i18n._('Tasks and cluster log')} style={open ? { height } : undefined}>
      {open && (
        <div
          className={classes.split}
          role="separator"
          aria-orientation="horizontal"
          aria-label={i18n._('Height of the task list')}
          aria-valuenow={height}
          aria-valuemin={LEAST}
          aria-valuemax={clamp(Number.MAX_SAFE_INTEGER)}
          tabIndex={0}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp') setHeight(clamp(height + 20))
            if (event.key === 'ArrowDown') setHeight(clamp(height - 20))
          }}
        />
      )}
      <div className={classes.bar} onDoubleClick={() => setOpen(!open)}>
        <div role="tablist" aria-label={i18n._('Tasks and cluster log')} className={classes.tabs}>
          {(['tasks', 'log'] as const).map((to) => (
            <UnstyledButton
              key={to}
              id={`bottom-${to}`}
              role="tab"
              className={classes.tab}
              aria-selected={open && tab === to}
              aria-controls="bottom-panel"
              onClick={() => choose(to)}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
                const next = to === 'tasks' ? 'log' : 'tasks'
                choose(next)
                document.getElementById(`bottom-${next}`)?.focus()
              }}
            >
              {name(to)}
            </UnstyledButton>
          ))}
        </div>
        {running > 0 && <Badge variant="light" size="sm" className={classes.running}>{i18n._('{n} running', { n: running })}</Badge>}
        <ActionIcon className={classes.fold} size="sm" aria-expanded={open} aria-label={open ? i18n._('Hide the task list') : i18n._('Show the task list')} onClick={() => setOpen(!open)}>
          {open ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
        </ActionIcon>
      </div>
      {open && (
        <div id="bottom-panel" className={classes.body} role="tabpanel" aria-label={name(tab)}>
          <ErrorBoundary key={tab}>{tab === 'tasks' ? <TaskTable narrow={false} /> : <ClusterLog narrow={false} />}</ErrorBoundary>
        </div>
      )}
    </footer>
  )
}
