// The consoles of a guest: a VM's screen or its serial port, a container's terminal; and its power, where one needs it.
import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconDeviceTv, IconPlayerPlay, IconPower } from '@tabler/icons-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { request } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import type { Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { runTask } from '../../shell/tasks'
import { attempt } from '../../ui/notify'
import { isRunning } from '../guest/power'
import { Tool, ToolMenu } from './Frame'
import { openConsoleWindow, type ConsoleKind } from './open'
import { hasSpice, openSpice } from './spice'

const Screen = lazy(() => import('./Screen'))
const Terminal = lazy(() => import('./Terminal'))

interface Props {
  guest: Guest
  /** The console to begin with. */
  kind?: ConsoleKind
  /** It is in a window of its own already. */
  detached?: boolean
}

export function GuestConsole({ guest, kind, detached }: Props) {
  const [chosen, setChosen] = useState<ConsoleKind>(kind ?? (guest.type === 'qemu' ? 'vnc' : 'term'))
  const power = usePower(guest)
  const running = isRunning(guest)
  const off = running ? undefined : (
    <>
      <p>{i18n._('{name} is not running.', { name: guest.name ?? guest.vmid })}</p>
      {power.may && (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => power.run('start', i18n._('Start'))}>{i18n._('Start now')}</Button>
      )}
    </>
  )
  const path = `/nodes/${guest.node}/${guest.type}/${guest.vmid}`
  const tools = (
    <>
      {guest.type === 'qemu' && <Choice guest={guest} chosen={chosen} choose={setChosen} />}
      {power.may && <ToolMenu label={i18n._('Power')} icon={<IconPower size={16} />} items={power.items(running)} />}
    </>
  )
  const common = { off, tools, detach: detached ? undefined : () => openConsoleWindow(guest.vmid, chosen) }
  return (
    <Suspense fallback={<Skeleton height="100%" />}>
      {guest.type === 'qemu' && chosen === 'vnc' ? (
        <Screen node={guest.node} vmid={guest.vmid} {...common} />
      ) : (
        <Terminal path={path} label={i18n._('Terminal of {name}', { name: guest.name ?? guest.vmid })} {...common} />
      )}
    </Suspense>
  )
}

/** Screen or serial port, where a VM has one. */
function Choice({ guest, chosen, choose }: { guest: Guest; chosen: ConsoleKind; choose: (kind: ConsoleKind) => void }) {
  const { data } = useApi('/nodes/{node}/qemu/{vmid}/config', { node: guest.node, vmid: guest.vmid })
  const serial = data !== undefined && Object.keys(data).some((key) => /^serial\d$/.test(key))
  const spice = hasSpice((data as { vga?: string } | undefined)?.vga)
  return (
    <>
      {spice && <Tool label={i18n._('Open with SPICE (virt-viewer)')} run={() => void attempt('SPICE', () => openSpice(guest))}><IconDeviceTv size={16} /></Tool>}
      {(serial || chosen !== 'vnc') && <Kinds chosen={chosen} choose={choose} />}
    </>
  )
}

function Kinds({ chosen, choose }: { chosen: ConsoleKind; choose: (kind: ConsoleKind) => void }) {
  return (
    <SegmentedControl
      aria-label={i18n._('Kind of console')}
      value={chosen}
      onChange={(value) => choose(value as ConsoleKind)}
      data={[{ value: 'vnc', label: i18n._('Screen') }, { value: 'term', label: i18n._('Serial') }]}
    />
  )
}

function usePower(guest: Guest) {
  const may = useMay(`/vms/${guest.vmid}`)('VM.PowerMgmt')
  return useMemo(() => {
    const run = (verb: string, label: string) =>
      void runTask(`${guest.name ?? guest.vmid}: ${label}`, () =>
        request('post', `/nodes/{node}/${guest.type}/{vmid}/status/${verb}`, { node: guest.node, vmid: guest.vmid }))
    const items = (running: boolean) => [
      { label: i18n._('Start'), run: () => run('start', i18n._('Start')), disabled: running },
      { label: i18n._('Shutdown'), run: () => run('shutdown', i18n._('Shutdown')), disabled: !running },
      { label: i18n._('Reboot'), run: () => run('reboot', i18n._('Reboot')), disabled: !running },
      { label: i18n._('Stop'), run: () => run('stop', i18n._('Stop')), disabled: !running },
      ...(guest.type === 'qemu' ? [{ label: i18n._('Reset'), run: () => run('reset', i18n._('Reset')), disabled: !running }] : []),
    ]
    return { may, run, items }
  }, [may, guest.name, guest.vmid, guest.type, guest.node])
}
