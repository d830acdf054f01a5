// State, load and addresses of a guest.
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { ago, bytes, duration, moment } from '../../../lib/format'
import { Facts, Meter, Panel, ResourceIcon, stateName, useNow } from '../../../ui/parts'
import { waiting } from '../config/settings'
import { guestPath, useSettings } from '../config/useSettings'
import { isRunning } from '../power'
import { Addresses } from './Addresses'
import { guestMemory } from './memory'
import classes from './summary.module.css'

const EVERY_MS = 5000

interface Current {
  ha?: { managed: number }
  lock?: string
  qmpstatus?: string
  'running-machine'?: string
  'running-qemu'?: string
  /** What the VM did by itself last. */
  'last-event'?: { event: string; time: number; text: string; device?: string; reason?: string }
  /** Since when its QEMU does not answer, seconds since the epoch. */
  'silent-since'?: number
  balloon?: number
}

export function GuestStatus({ guest }: { guest: Guest }) {
  // What a VM does by itself is no change of its configuration: nothing else tells of it.
  const { data } = useApiAt<Current>(`${guestPath(guest)}/status/current`, {}, { refetchInterval: guest.type === 'qemu' ? EVERY_MS : false })
  const { data: seen } = useSettings(guest)
  const changes = seen ? waiting(seen.settings, [...seen.settings.keys()]).length : 0
  const running = isRunning(guest)
  const vm = guest.type === 'qemu'
  const cores = guest.maxcpu ?? 0
  return (
    <Panel title={i18n._('Status')}>
      <Meter
        label={i18n._('CPU usage (processors)')}
        used={running ? (guest.cpu ?? 0) * cores : 0}
        total={cores}
        format={(value) => value.toLocaleString(i18n.locale || 'en', { maximumFractionDigits: 2 })}
      />
      <Meter label={i18n._('Memory usage')} used={running ? guestMemory(guest) : 0} total={guest.maxmem} />
      {!vm && running && Boolean(guest.maxdisk) && <Meter label={i18n._('Root disk usage')} used={guest.disk} total={guest.maxdisk} />}
      <Facts
        rows={[
          [i18n._('State'), <State key="state" guest={guest} />],
          data?.['silent-since'] !== undefined && [i18n._('Not responding'), <Since key="silent" at={data['silent-since']} />],
          data?.['last-event'] !== undefined && [i18n._('Last event'), <LastEvent key="event" {...data['last-event']} />],
          running && [i18n._('Uptime'), <Uptime key="uptime" seconds={guest.uptime} />],
          [i18n._('Node'), <Anchor component={Link} inherit key="node" to="/node/$node/$tab" params={{ node: guest.node, tab: 'summary' } as never}>{guest.node}</Anchor>],
          [i18n._('HA state'), data?.ha?.managed ? i18n._('managed') : i18n._('none')],
          guest.pool !== undefined && guest.pool !== '' && [i18n._('Pool'), <Anchor component={Link} inherit key="pool" to="/pool/$pool/$tab" params={{ pool: guest.pool, tab: 'members' } as never}>{guest.pool}</Anchor>],
          vm && running && [i18n._('Memory on the node'), onNode(guest)],
          vm && [i18n._('Boot disk size'), guest.maxdisk ? bytes(guest.maxdisk) : i18n._('none')],
          vm && data?.['running-qemu'] !== undefined && [i18n._('Running as'), [data['running-machine'], `QEMU ${data['running-qemu']}`].filter(Boolean).join(', ')],
          changes > 0 && [i18n._('Pending changes'), i18n._('{n, plural, one {# option changes} other {# options change}} at the next start', { n: changes })],
          running && [i18n._('IP addresses'), <Addresses key="ip" guest={guest} />],
        ]}
      />
    </Panel>
  )
}

/** The process of a VM takes more than its guest has: for devices, and where the processor is emulated for that as well. */
function onNode({ memhost, maxmem }: Guest) {
  return (memhost ?? 0) > (maxmem ?? 0) ? i18n._('{size}, with what QEMU itself needs', { size: bytes(memhost) }) : bytes(memhost)
}

function State({ guest }: { guest: Guest }) {
  return (
    <>
      <ResourceIcon row={guest} size={14} /> <span aria-hidden>{guest.template ? i18n._('template') : stateName(guest)}</span>
      {guest.lock && ` (${i18n._('locked: {lock}', { lock: guest.lock })})`}
    </>
  )
}

/** What a VM did by itself, and when. Its words come from the guest and from QEMU. */
function LastEvent({ event, text, time }: NonNullable<Current['last-event']>) {
  const bad = ['io-error', 'panic', 'watchdog', 'memory-failure', 'silent'].includes(event)
  return <span><span className={bad ? classes.bad : undefined}>{text}</span> <span className="dim" title={moment(time)}><Since at={time} /></span></span>
}

/** How long ago; counts on. */
const Since = ({ at }: { at: number }) => <>{ago((useNow() - at * 1000) / 1000)}</>

/** Counts on between the figures that arrive. */
function Uptime({ seconds }: { seconds: number | undefined }) {
  const [since, setSince] = useState(() => Date.now() - (seconds ?? 0) * 1000)
  const now = useNow()
  useEffect(() => setSince(Date.now() - (seconds ?? 0) * 1000), [seconds])
  return <span className="num">{duration(Math.max(0, now - since) / 1000)}</span>
}
