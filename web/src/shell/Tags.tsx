// Tags of guests as coloured chips or, where there is little room, as dots.
import { useMemo } from 'react'
import { useApi } from '../api/hooks'
import { i18n } from '../i18n'
import { parseTagStyle, tagColours } from './tagColours'
import { tagsOf } from './tree'
import classes from './Tags.module.css'

/** How the datacenter wants tags to look. */
export function useTagStyle() {
  const { data } = useApi('/cluster/options', {})
  const option = (data as Record<string, unknown> | undefined)?.['tag-style']
  return useMemo(() => parseTagStyle(option), [option])
}

/** Tags as chips with their names. */
export function Tags({ tags }: { tags: string | undefined }) {
  const style = useTagStyle()
  const names = tagsOf(tags)
  if (names.length === 0) return null
  return (
    <ul className={classes.tags} aria-label={i18n._('Tags')}>
      {names.map((tag) => {
        const { background, text } = tagColours(tag, style)
        return <li key={tag} className={classes.tag} style={{ background, color: text }}>{tag}</li>
      })}
    </ul>
  )
}

/** Tags as dots; their names are in the title and for screen readers. */
export function TagDots({ tags }: { tags: string | undefined }) {
  const style = useTagStyle()
  const names = tagsOf(tags)
  if (names.length === 0) return null
  return (
    <span className={classes.dots} title={names.join(', ')}>
      {names.map((tag) => <span key={tag} className={classes.dot} style={{ background: tagColours(tag, style).dot }} />)}
      <span className="visually-hidden">{i18n._('Tags: {tags}', { tags: names.join(', ') })}</span>
    </span>
  )
}
