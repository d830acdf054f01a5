// What the agent tells of the inside of a VM.
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { i18n } from '../../../i18n'
import { bytes, moment, percent, share } from '../../../lib/format'
import { Facts, Loaded, Panel } from '../../../ui/parts'
import { addressesOf, type Interface } from '../summary/Addresses'
import { takes, zone, type FileSystem, type LoggedIn, type OsInfo, type Processor } from './agentFacts'
import classes from './agent.module.css'
import { useAsked, type Agent } from './useAgent'

type Of = { agent: Agent }

/** A list in a panel; there is none where the agent cannot tell. */
function Listed<T>({ agent, command, title, head, empty, children }: {
  agent: Agent
  command: string
  title: string
  head: readonly (readonly [label: string, numeric?: boolean])[]
  empty: string
  children: (row: T) => readonly ReactNode[]
}) {
  const query = useAsked<T[]>(agent, command)
  if (!takes(agent.info, command)) return null
  return (
    <Panel title={title}>
      <Loaded query={query as UseQueryResult<{ result: T[] }, Error>}>
        {({ result }) => result.length === 0 ? <span className="dim">{empty}</span> : (
          <div className={classes.wide}>
            <table className={classes.list} aria-label={title}>
              <thead><tr>{head.map(([label, numeric]) => <th key={label} scope="col" className={numeric ? classes.number : undefined}>{label}</th>)}</tr></thead>
              <tbody>
                {result.map((row, at) => (
                  // eslint-disable-next-line react/no-array-index-key -- what the guest lists has no name of its own
                  <tr key={at}>{children(row).map((cell, column) => <td key={head[column]?.[0]} className={head[column]?.[1] ? classes.number : undefined}>{cell}</td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Panel>
  )
}

export function System({ agent }: Of) {
  const os = useAsked<OsInfo>(agent, 'get-osinfo').data?.result
  const host = useAsked<{ 'host-name': string }>(agent, 'get-host-name').data?.result
  const time = useAsked<number>(agent, 'get-time').data?.result
  const timezone = useAsked<{ zone?: string; offset?: number }>(agent, 'get-timezone').data?.result
  const cpus = useAsked<Processor[]>(agent, 'get-vcpus').data?.result
  const block = useAsked<{ size: number }>(agent, 'get-memory-block-info').data?.result
  const blocks = useAsked<{ online: boolean }[]>(agent, 'get-memory-blocks').data?.result
  const online = blocks?.filter((one) => one.online).length ?? 0
  const drift = time === undefined ? undefined : Math.round(time / 1e9)
  return (
    <Panel title={i18n._('System')}>
      <Facts
        rows={[
          [i18n._('Host name'), host?.['host-name'] ?? '…'],
          [i18n._('Operating system'), os?.['pretty-name'] ?? os?.name ?? '…'],
          [i18n._('Kernel'), [os?.['kernel-release'], os?.machine].filter(Boolean).join(', ') || '…'],
          drift !== undefined && [i18n._('Time'), moment(drift)],
          timezone !== undefined && [i18n._('Time zone'), zone(timezone)],
          cpus !== undefined && [i18n._('Processors'), i18n._('{online} of {all} online', { online: cpus.filter((one) => one.online).length, all: cpus.length })],
          block !== undefined && online > 0 && [i18n._('Memory online'), bytes(block.size * online)],
          [i18n._('Guest agent'), agent.info?.version],
        ]}
      />
    </Panel>
  )
}

export const FileSystems = ({ agent }: Of) => (
  <Listed<FileSystem>
    agent={agent} command="get-fsinfo" title={i18n._('File systems')} empty={i18n._('none')}
    head={[[i18n._('Mounted at')], [i18n._('Type')], [i18n._('Device')], [i18n._('Size'), true], [i18n._('Used'), true]]}
  >
    {(one) => [
      <span key="at" className="mono">{one.mountpoint}</span>, one.type, one.disk?.[0]?.dev ?? one.name,
      bytes(one['total-bytes']), one['used-bytes'] === undefined ? '' : `${bytes(one['used-bytes'])} (${percent(share(one['used-bytes'], one['total-bytes']))})`,
    ]}
  </Listed>
)

export const Interfaces = ({ agent }: Of) => (
  <Listed<Interface> agent={agent} command="network-get-interfaces" title={i18n._('Network interfaces')} empty={i18n._('none')} head={[[i18n._('Name')], [i18n._('MAC address')], [i18n._('IP addresses')]]}>
    {(one) => [
      one.name, <span key="mac" className="mono">{one['hardware-address']}</span>,
      (one['ip-addresses'] ?? []).map(({ 'ip-address': text, prefix }) => (
        <div key={text} className={addressesOf([{ name: '', 'ip-addresses': [{ 'ip-address': text, 'ip-address-type': '' }] }]).length === 0 ? 'mono dim' : 'mono'}>{text}{prefix === undefined ? '' : `/${prefix}`}</div>
      )),
    ]}
  </Listed>
)

export const Users = ({ agent }: Of) => (
  <Listed<LoggedIn> agent={agent} command="get-users" title={i18n._('Logged in')} empty={i18n._('nobody')} head={[[i18n._('User')], [i18n._('Since')]]}>
    {(one) => [one.domain ? `${one.domain}\\${one.user}` : one.user, moment(one['login-time'])]}
  </Listed>
)
