// Asks the agent in a VM.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { request } from '../../../api/call'
import { useApiAt, useMay } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import { guestPath, useSettings } from '../config/useSettings'
import { isRunning } from '../power'
import { takes, type AgentInfo } from './agentFacts'

const EVERY_MS = 30_000
/** A guest that starts has its agent after a while. ms */
const AGAIN_MS = 10_000

/** The path of a command of the agent. */
export const agentPath = (guest: Guest, command: string) => `${guestPath(guest)}/agent/${command}`

export interface Agent {
  guest: Guest
  /** What the agent takes, once it answered. */
  info: AgentInfo | undefined
  error: Error | null
  /** Why it cannot be asked at all. */
  off: string | undefined
  /** Why a command cannot be given; needs one of the privileges. */
  why: (command: string, ...privileges: string[]) => string | undefined
}

export function useAgent(guest: Guest): Agent {
  const may = useMay(`/vms/${guest.vmid}`)
  const { data: seen } = useSettings(guest)
  const enabled = parseProperties(seen?.settings.get('agent')?.now ?? '', 'enabled').get('enabled') === '1'
  const audits = may('VM.GuestAgent.Audit') || may('VM.GuestAgent.Unrestricted')
  const off = offReason(guest, seen === undefined ? undefined : enabled, audits)
  const asked = seen !== undefined && !off && audits
  const query = useQuery({
    queryKey: [agentPath(guest, 'info'), {}],
    queryFn: ({ signal }) => request('get', agentPath(guest, 'info'), {}, signal) as Promise<{ result: AgentInfo }>,
    enabled: asked,
    retry: false,
    refetchInterval: ({ state }) => (state.status === 'error' ? AGAIN_MS : EVERY_MS),
  })
  const info = query.error ? undefined : query.data?.result
  const why = (command: string, ...privileges: string[]) => {
    if (off) return off
    if (!info) return i18n._('The agent does not answer')
    if (![...privileges, 'VM.GuestAgent.Unrestricted'].some(may)) return i18n._('You need the privilege {privilege}', { privilege: privileges[0] ?? 'VM.GuestAgent.Unrestricted' })
    return takes(info, command) ? undefined : i18n._('The agent in the guest does not allow this')
  }
  return { guest, info, error: query.error, off, why }
}

function offReason(guest: Guest, enabled: boolean | undefined, audits: boolean): string | undefined {
  if (!isRunning(guest)) return i18n._('The VM is not running.')
  if (enabled === false) return i18n._('The guest agent is switched off in the options of this VM')
  return audits ? undefined : i18n._('You need the privilege {privilege}', { privilege: 'VM.GuestAgent.Audit' })
}

/** What the agent answers to a question that changes nothing; asked again from time to time. */
export function useAsked<T>(agent: Agent, command: string): UseQueryResult<{ result: T }, Error> {
  return useApiAt<{ result: T }>(agentPath(agent.guest, command), {}, { enabled: takes(agent.info, command), refetchInterval: EVERY_MS })
}
