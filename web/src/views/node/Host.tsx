// Small files of a node: which name servers it asks, which names it knows itself, and what time it has.
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { Facts, Loaded, Panel } from '../../ui/parts'
import classes from './node.module.css'

export function Dns({ node }: { node: string }) {
  const query = useApi('/nodes/{node}/dns', { node })
  return (
    <Panel title={i18n._('DNS')}>
      <Loaded query={query}>
        {({ search, dns1, dns2, dns3 }) => (
          <Facts
            rows={[
              [i18n._('Search domain'), search || '–'],
              [i18n._('DNS server 1'), dns1 || '–'],
              [i18n._('DNS server 2'), dns2 || '–'],
              [i18n._('DNS server 3'), dns3 || '–'],
            ]}
          />
        )}
      </Loaded>
    </Panel>
  )
}

export function Hosts({ node }: { node: string }) {
  const query = useApi('/nodes/{node}/hosts', { node })
  return (
    <Panel title={<code>/etc/hosts</code>}>
      <Loaded query={query}>{({ data }) => <pre className={classes.file}>{data || i18n._('The file is empty.')}</pre>}</Loaded>
    </Panel>
  )
}

const TIME_MS = 10_000

export function Time({ node }: { node: string }) {
  const query = useApi('/nodes/{node}/time', { node }, { refetchInterval: TIME_MS })
  return (
    <Panel title={i18n._('Time')}>
      <Loaded query={query}>
        {({ timezone, time, localtime }) => (
          <Facts
            rows={[
              [i18n._('Time zone'), timezone],
              [i18n._('Local time'), clock(localtime)],
              [i18n._('UTC'), clock(time)],
              [i18n._('Against this device'), difference(time - query.dataUpdatedAt / 1000)],
            ]}
          />
        )}
      </Loaded>
    </Panel>
  )
}

/** The node tells its local time as seconds, as if it were UTC. */
const clock = (seconds: number) =>
  new Date(seconds * 1000).toLocaleString(i18n.locale || 'en', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })

/** The way there and back takes a moment, so that a second or two say nothing. */
const SLACK_S = 3

function difference(seconds: number): string {
  const n = Math.round(Math.abs(seconds))
  if (n < SLACK_S) return i18n._('the same')
  return seconds > 0 ? i18n._('{n} s ahead', { n }) : i18n._('{n} s behind', { n })
}
