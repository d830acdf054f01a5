// A view of one thing: its name and state, what can be done with it, and its tabs. The tab is part of the address.
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Suspense, useEffect, useRef, type ComponentType, type ReactNode } from 'react'
import { Skeleton } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { i18n } from '../i18n'
import { ErrorBoundary } from './ErrorBoundary'
import classes from './Tabs.module.css'

export interface Tab<P> {
  id: string
  /** Called while drawing, so that it speaks the current language. */
  label: () => string
  icon?: Icon
  body: ComponentType<P>
  /** Whether this thing has that tab; it has when not given. */
  when?: (props: P) => boolean
  /** The tab scrolls by itself (tables, consoles). */
  fills?: boolean
}

interface Props<P> {
  title: ReactNode
  /** What stands beside the title without being part of the heading. */
  beside?: ReactNode
  /** Buttons that act on the thing. */
  actions?: ReactNode
  tabs: readonly Tab<P>[]
  /** What tabs are given. */
  of: P
}

export function TabbedView<P extends object>({ title, beside, actions, tabs, of }: Props<P>) {
  const { tab } = useParams({ strict: false })
  const navigate = useNavigate()
  const bar = useRef<HTMLElement>(null)
  const there = tabs.filter((one) => one.when?.(of) ?? true)
  const shown = there.find((one) => one.id === tab)
  const first = there[0]
  // An address from before, of a tab that this thing does not have: to its first.
  useEffect(() => {
    if (!shown && first) void navigate({ to: '.', params: (old: object) => ({ ...old, tab: first.id }), replace: true } as never)
    bar.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [shown, first, navigate, tab])
  const Body = shown?.body
  return (
    <div className={classes.view}>
      <header className={classes.head}>
        <div className={classes.named}>
          <h1 className={classes.title}>{title}</h1>
          {beside}
        </div>
        <div className={classes.actions}>{actions}</div>
      </header>
      <nav className={classes.tabs} aria-label={i18n._('Views')} ref={bar}>
        {there.map((one) => (
          <Link key={one.id} to="." params={((old: object) => ({ ...old, tab: one.id })) as never} className={classes.tab} aria-current={one.id === tab ? 'page' : undefined}>
            {one.icon && <one.icon size={15} stroke={1.6} aria-hidden />} {one.label()}
          </Link>
        ))}
      </nav>
      {/* What scrolls can be reached by keyboard. */}
      <div className={classes.body} data-fills={shown?.fills || undefined} key={shown?.id} tabIndex={shown?.fills ? undefined : 0} role="region" aria-label={shown?.label()}>
        <ErrorBoundary>
          <Suspense fallback={<div><Skeleton height={120} /></div>}>{Body && <Body {...of} />}</Suspense>
        </ErrorBoundary>
      </div>
    </div>
  )
}
