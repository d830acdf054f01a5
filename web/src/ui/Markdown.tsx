// Markdown that others wrote: no HTML, no pictures from elsewhere, links that lead out only. Loaded when it is needed.
import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Components } from 'react-markdown'
import { markdownTables } from './markdownTables'
import classes from './Markdown.module.css'

const ReactMarkdown = lazy(() => import('react-markdown'))

/** Addresses that a link may lead to; others become text without an address. */
export const safeUrl = (url: string) => (/^(https?:\/\/|mailto:)/i.test(url.trim()) ? url.trim() : '')

const COMPONENTS: Components = {
  a: ({ href, children }) => (href ? <a href={href} target="_blank" rel="noopener noreferrer">{children}</a> : <span>{children}</span>),
  img: ({ src, alt }) => (typeof src === 'string' && src !== '' ? <a href={src} target="_blank" rel="noopener noreferrer">{alt || src}</a> : <span>{alt}</span>),
  // The page has a heading of its own; those of notes come below it.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  // A wide one scrolls by itself.
  table: ({ children }) => <div className={classes.tableBox}><table>{children}</table></div>,
}

const PLUGINS = [markdownTables]

/** Shows Markdown. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.markdown}>
      <Suspense fallback={<Skeleton height={60} />}>
        <ReactMarkdown
          skipHtml
          remarkPlugins={PLUGINS}
          urlTransform={safeUrl}
          components={COMPONENTS}
        >
          {text}
        </ReactMarkdown>
      </Suspense>
    </div>
  )
}
