import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { call } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { openDialog } from '../../ui/dialogs'
import { Loaded } from '../../ui/parts'
import classes from './datacenter.module.css'
import { AccessForm, LimitsForm, accessName, limitName, TagListForm, TextForm } from './MoreOptionForms'
import { ChoiceForm, consoleName, ConsentForm, NextIdForm, TagStyleForm, shapeName, type Save } from './OptionForms'
import { KEYBOARDS, LANGUAGES } from './optionChoices'
import { isMacPrefix, KNOWN, LIMITS, others, parseColours, structure, type Known, type Settings } from './options'
import { useReload } from './reload'

/** What a setting is called. */
function nameOf(key: Known): string {
  switch (key) {
    case 'keyboard': return i18n._('Keyboard layout of consoles')
    case 'console': return i18n._('Console viewer')
    case 'language': return i18n._('Default language')
    case 'next-id': return i18n._('Range of free guest IDs')
    case 'tag-style': return i18n._('Looks of tags')
    case 'mac_prefix': return i18n._('MAC address prefix')
    case 'user-tag-access': return i18n._('Tags that users may set')
    case 'registered-tags': return i18n._('Registered tags')
    case 'bwlimit': return i18n._('Bandwidth limits')
    case 'max_workers': return i18n._('Guests started or stopped at once')
    case 'consent-text': return i18n._('Text before logging in')
  }
}

/** A setting in words. */
function shown(key: Known, value: unknown): ReactNode {
  if (value === undefined) return <span className="dim">{i18n._('Default')}</span>
  const parts = structure(value)
  switch (key) {
    case 'next-id': return i18n._('{lower} up to, not including, {upper}', { lower: parts.lower ?? '100', upper: parts.upper ?? '1000000' })
    case 'tag-style': {
      const colours = parseColours(parts['color-map']).length
      return [
        parts.shape && i18n._('Shape: {shape}', { shape: shapeName(parts.shape) }),
        parts.ordering && i18n._('Order: {order}', { order: parts.ordering === 'config' ? i18n._('as configured') : i18n._('by name') }),
        parts['case-sensitive'] === '1' && i18n._('Case matters'),
        colours > 0 && i18n._('{n, plural, one {# colour of its own} other {# colours of their own}}', { n: colours }),
      ].filter(Boolean).join(' · ')
    }
    case 'user-tag-access':
      return [accessName(parts['user-allow'] ?? 'free'), parts['user-allow-list']?.split(';').join(', ')].filter(Boolean).join(': ')
    case 'registered-tags': return String(value).split(';').join(', ')
    case 'bwlimit': return LIMITS.filter((part) => parts[part] !== undefined).map((part) => i18n._('{what}: {limit} KiB/s', { what: limitName(part), limit: parts[part] ?? '' })).join(' · ')
    case 'console': return consoleName(String(value))
    case 'keyboard': return KEYBOARDS[String(value)] ?? String(value)
    case 'language': return LANGUAGES[String(value)] ?? String(value)
    default: return String(value)
  }
}

/** What everybody may see; the rest needs Sys.Audit. */
const PUBLIC: readonly Known[] = ['console', 'keyboard', 'tag-style', 'consent-text']

/** Settings of the datacenter, each with its own form. */
export function Options() {
  const query = useApi('/cluster/options', {})
  const reload = useReload()
  const mayHere = useMay('/')
  const [may, sees] = [mayHere('Sys.Modify'), mayHere('Sys.Audit')]
  const edit = (key: Known, settings: Settings) => {
    const save: Save = (value) => call('put', '/cluster/options', (value === undefined ? { delete: key } : { [key]: value }) as never)
    openDialog(nameOf(key), (close) => {
      const done = () => {
        void reload('/cluster/options')
        close()
      }
      return <OptionForm id={key} value={settings[key]} save={save} done={done} />
    })
  }
  return (
    <Loaded query={query} lines={8}>
      {(data) => {
        const settings = data as Settings
        return (
          <>
            <dl className={classes.options}>
              {KNOWN.map((key) => (
                <div key={key} className={classes.option}>
                  <dt>{nameOf(key)}</dt>
                  <dd>
                    <span>{sees || PUBLIC.includes(key) ? shown(key, settings[key]) : <span className="dim">{i18n._('This needs the privilege Sys.Audit')}</span>}</span>
                    {may && (
                      <Button variant="subtle" leftSection={<IconPencil size={15} aria-hidden />} onClick={() => edit(key, settings)} aria-label={i18n._('Edit: {name}', { name: nameOf(key) })}>
                        {i18n._('Edit')}
                      </Button>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
            <Others settings={settings} />
          </>
        )
      }}
    </Loaded>
  )
}

function Others({ settings }: { settings: Settings }) {
  const rest = others(settings)
  if (rest.length === 0) return null
  return (
    <>
      <h2 className={classes.heading}>{i18n._('Kept in the file, without effect in this version')}</h2>
      <dl className={classes.options}>
        {rest.map(([key, value]) => (
          <div key={key} className={classes.option}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function OptionForm({ id, value, save, done }: { id: Known; value: unknown; save: Save; done: () => void }) {
  switch (id) {
    case 'next-id': return <NextIdForm value={structure(value)} save={save} done={done} />
    case 'tag-style': return <TagStyleForm value={structure(value)} save={save} done={done} />
    case 'user-tag-access': return <AccessForm value={structure(value)} save={save} done={done} />
    case 'bwlimit': return <LimitsForm value={structure(value)} save={save} done={done} />
    case 'registered-tags': return <TagListForm label={nameOf(id)} value={String(value ?? '')} save={save} done={done} />
    case 'mac_prefix':
      return <TextForm label={nameOf(id)} placeholder="BC:24:11" value={String(value ?? '')} wrong={(text) => (isMacPrefix(text) ? undefined : i18n._('Such as BC:24:11: up to three bytes, the first one even'))} save={save} done={done} />
    case 'max_workers':
      return <TextForm label={nameOf(id)} placeholder={i18n._('Default')} value={String(value ?? '')} wrong={(text) => (/^[1-9]\d{0,3}$/.test(text) ? undefined : i18n._('A number from 1 on'))} save={save} done={done} />
    case 'consent-text': return <ConsentForm value={String(value ?? '')} save={save} done={done} />
    case 'keyboard': return <ChoiceForm label={nameOf(id)} choices={KEYBOARDS} value={value} save={save} done={done} />
    case 'language': return <ChoiceForm label={nameOf(id)} choices={LANGUAGES} value={value} save={save} done={done} />
    case 'console': {
      const choices = Object.fromEntries(['html5', 'xtermjs', 'vv'].map((one) => [one, consoleName(one)]))
      return <ChoiceForm label={nameOf(id)} choices={choices} value={value} save={save} done={done} />
    }
  }
}
