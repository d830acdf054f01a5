// What the agent in a VM knows and does: for an administrator who wants to look inside without logging in.
import { Alert } from '@mantine/core'
import { IconFileText, IconInfoCircle, IconKey, IconPlayerPlay, IconRefresh, IconScissors, IconSnowflake, IconSnowflakeOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { request } from '../../../api/call'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { bytes } from '../../../lib/format'
import { ActButton } from '../../../ui/ActButton'
import { confirm } from '../../../ui/confirm'
import { openDialog } from '../../../ui/dialogs'
import { attempt, done } from '../../../ui/notify'
import { Columns, Problem, Toolbar } from '../../../ui/parts'
import { takes, trimmed, usual, type OsInfo } from './agentFacts'
import classes from './agent.module.css'
import { FileInGuest } from './FileInGuest'
import { FileSystems, Interfaces, System, Users } from './panels'
import { PasswordInGuest } from './PasswordInGuest'
import { RunInGuest } from './RunInGuest'
import { agentPath, useAgent, useAsked, type Agent as Asked } from './useAgent'

const FREEZE_EVERY_MS = 10_000

export function Agent({ guest }: { guest: Guest }) {
  const agent = useAgent(guest)
  const queries = useQueryClient()
  const reload = () => void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(agentPath(guest, '')) })
  return (
    <div className={classes.page}>
      <Toolbar>
        <Commands agent={agent} />
        <FreezeButton agent={agent} />
        <ActButton icon={IconRefresh} why={agent.off} onClick={reload}>{i18n._('Reload')}</ActButton>
      </Toolbar>
      {agent.off && <p className="dim">{agent.off}</p>}
      {agent.error && !agent.off && <Silent error={agent.error} retry={reload} />}
      {agent.info && (
        <Columns>
          <System agent={agent} />
          <FileSystems agent={agent} />
          <Interfaces agent={agent} />
          <Users agent={agent} />
        </Columns>
      )}
    </div>
  )
}

/** That it does not answer is no defect: it may not be there, or the guest may just be starting. */
function Silent({ error, retry }: { error: Error; retry: () => void }) {
  if (!/guest agent is not running/i.test(error.message)) return <Problem error={error} retry={retry} />
  return (
    <Alert color="yellow" icon={<IconInfoCircle size={16} />} role="status">
      {i18n._('The agent does not answer. The guest may still be starting, or has no qemu-guest-agent that runs. It is asked again every few seconds.')}
    </Alert>
  )
}

function Commands({ agent }: { agent: Asked }) {
  const { guest, why } = agent
  const os = useAsked<OsInfo>(agent, 'get-osinfo').data?.result
  const name = guest.name ?? String(guest.vmid)
  return (
    <>
      <ActButton icon={IconPlayerPlay} why={why('exec')} onClick={() => openDialog(i18n._('Run in {name}', { name }), () => <RunInGuest guest={guest} interpreter={usual(os)} />, 'xl')}>
        {i18n._('Run command')}
      </ActButton>
      <ActButton
        icon={IconFileText} why={why('file-open', 'VM.GuestAgent.FileRead', 'VM.GuestAgent.FileWrite')}
        onClick={() => openDialog(i18n._('File in {name}', { name }), () => <FileInGuest guest={guest} mayRead={!why('file-read', 'VM.GuestAgent.FileRead')} mayWrite={!why('file-write', 'VM.GuestAgent.FileWrite')} />, 'xl')}
      >
        {i18n._('Files')}
      </ActButton>
      <ActButton icon={IconKey} why={why('set-user-password')} onClick={() => openDialog(i18n._('Password in {name}', { name }), (close) => <PasswordInGuest guest={guest} windows={os?.id === 'mswindows'} close={close} />, 'sm')}>
        {i18n._('Set password')}
      </ActButton>
      <ActButton icon={IconScissors} why={why('fstrim', 'VM.GuestAgent.FileSystemMgmt')} onClick={() => void trim(guest)}>
        {i18n._('Trim')}
      </ActButton>
    </>
  )
}

async function trim(guest: Guest) {
  await attempt(i18n._('Trim'), async () => {
    const answer = (await request('post', agentPath(guest, 'fstrim'), {})) as { result: unknown }
    const freed = trimmed(answer.result)
    done(freed > 0 ? i18n._('{size} given back to the storage', { size: bytes(freed) }) : i18n._('Space that the guest does not use was given back to the storage'))
  })
}

/** Frozen file systems stop everything that writes in the guest: this must be seen, and undone here. */
function FreezeButton({ agent }: { agent: Asked }) {
  const { guest, why } = agent
  const path = agentPath(guest, 'fsfreeze-status')
  const { data, refetch } = useQuery({
    queryKey: [path, {}],
    queryFn: ({ signal }) => request('post', path, {}, signal) as Promise<{ result: string }>,
    enabled: takes(agent.info, 'fsfreeze-status'),
    refetchInterval: FREEZE_EVERY_MS,
  })
  const set = async (command: 'fsfreeze-freeze' | 'fsfreeze-thaw') => {
    const { result } = (await request('post', agentPath(guest, command), {})) as { result: number }
    done(command === 'fsfreeze-freeze'
      ? i18n._('{n, plural, one {# file system is} other {# file systems are}} frozen', { n: result })
      : i18n._('{n, plural, one {# file system is} other {# file systems are}} thawed', { n: result }))
    await refetch()
  }
  if (data?.result === 'frozen')
    return <ActButton icon={IconSnowflakeOff} variant="filled" onClick={() => void attempt(i18n._('Thaw'), () => set('fsfreeze-thaw'))}>{i18n._('Thaw file systems')}</ActButton>
  const ask = () =>
    confirm({
      title: i18n._('Freeze file systems'),
      text: i18n._('Everything in {name} ({vmid}) that writes to a disk waits until the file systems are thawed. This is for copies that are made by other means; snapshots and backups freeze by themselves.', { name: guest.name ?? String(guest.vmid), vmid: guest.vmid }),
      action: i18n._('Freeze'),
      run: () => set('fsfreeze-freeze'),
    })
  return <ActButton icon={IconSnowflake} why={why('fsfreeze-freeze', 'VM.GuestAgent.FileSystemMgmt')} onClick={ask}>{i18n._('Freeze')}</ActButton>
}
