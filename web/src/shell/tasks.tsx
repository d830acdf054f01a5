// Long work: starts it, follows it in the corner of the page, and shows all about it when asked.
import { UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { i18n } from '../i18n'
import { openDialog } from '../ui/dialogs'
import { done, failed } from '../ui/notify'
import { parseUpid, taskName } from './taskNames'
import { useTaskLog, whenEnded } from './taskLog'
import classes from './tasks.module.css'

const TaskViewer = lazy(() => import('./TaskViewer').then((module) => ({ default: module.TaskViewer })))

/** Whether an answer is the name of a task. */
export const isUpid = (answer: unknown): answer is string => typeof answer === 'string' && parseUpid(answer) !== null

/**
 * Starts long work that is called `what`, and follows it in a notification to its end; a click there opens its output.
 * Answers whether it was accepted, without waiting for its end; a refusal is shown.
 */
export async function runTask(what: string, call: () => Promise<unknown>): Promise<boolean> {
  let answer: unknown
  try {
    answer = await call()
  } catch (error) {
    failed(what, error)
    return false
  }
  if (isUpid(answer)) followInCorner(what, answer)
  else done(what)
  return true
}

/** Shows the output and the state of a task. */
export function openTask(upid: string): void {
  const known = parseUpid(upid)
  openDialog(known ? taskName(known.type, known.id) : upid, () => (
    <Suspense fallback={<div className={classes.viewer} />}>
      <TaskViewer upid={upid} />
    </Suspense>
  ), '64rem')
}

/** Milliseconds for which the end of a task stays in the corner. */
const SHOWN_MS = { ok: 3500, warning: 10_000, error: 20_000 } as const
const COLOUR = { ok: 'green', warning: 'yellow', error: 'red' } as const

/** A task in the corner of the page, from now to its end. */
export function followInCorner(what: string, upid: string): void {
  let away = false
  const common = {
    id: upid,
    title: what,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': i18n._('Dismiss') },
    onClose: () => {
      away = true
    },
  }
  const message = (text?: string) => <Progress upid={upid} text={text} />
  notifications.show({ ...common, message: message(), loading: true, autoClose: false })
  whenEnded(upid, (outcome, status) => {
    // Who has dismissed it wants to know of failures only.
    if (away && outcome === 'ok') return
    const end = {
      ...common,
      message: message(outcome === 'ok' ? i18n._('Done') : status),
      loading: false,
      color: COLOUR[outcome],
      icon: outcome === 'ok' ? <IconCheck size={16} /> : outcome === 'warning' ? <IconAlertTriangle size={16} /> : <IconX size={16} />,
      autoClose: SHOWN_MS[outcome],
    }
    if (away) notifications.show(end)
    else notifications.update(end)
  })
}

/** The last line of a running task, or how it ended; opens all of it. */
function Progress({ upid, text }: { upid: string; text?: string }) {
  return (
    <UnstyledButton className={classes.progress} onClick={() => openTask(upid)} title={i18n._('Show the output of the task')}>
      {text ?? <LastLine upid={upid} />}
    </UnstyledButton>
  )
}

function LastLine({ upid }: { upid: string }) {
  const { lines } = useTaskLog(upid)
  return lines.findLast((line) => line.trim() !== '') ?? i18n._('Running…')
}
