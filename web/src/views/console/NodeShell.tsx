import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { i18n } from '../../i18n'
import { openConsoleWindow } from './open'

const Terminal = lazy(() => import('./Terminal'))

/** A shell on a node. */
export const NodeShell = ({ node, detached }: { node: string; detached?: boolean }) => (
  <Suspense fallback={<Skeleton height="100%" />}>
    <Terminal
      path={`/nodes/${node}`}
      label={i18n._('Shell of {node}', { node })}
      detach={detached ? undefined : () => openConsoleWindow(node, 'shell')}
    />
  </Suspense>
)
