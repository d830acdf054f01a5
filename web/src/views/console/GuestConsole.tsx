// The consoles of a guest: a VM's screen or its serial port, a container's terminal; and its power, where one needs it.
import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconDeviceTv, IconPlayerPlay, IconPower } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useApi, useMay } from '../../api/hooks'
import type { Guest } from '../../api/resources'
import { i18n } from '../../i18n'
import { attempt } from '../../ui/notify'
import { guestMenuItems, power, type GuestMenuItem } from '../guest/menu'
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
  const may = useMay(`/vms/${guest.vmid}`)
  const running = isRunning(guest)
  const off = running ? undefined : (
    <>
      <p>{i18n._('{name} is not running.', { name: guest.name ?? guest.vmid })}</p>
      {may('VM.PowerMgmt') && !guest.template && (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => power(guest, 'start')}>{i18n._('Start now')}</Button>
      )}
    </>
  )
  const path = `/nodes/${guest.node}/${guest.type}/${guest.vmid}`
  const tools = (
    <>
      {guest.type === 'qemu' && <Choice guest={guest} chosen={chosen} choose={setChosen} />}
      {may('VM.PowerMgmt') && <ToolMenu label={i18n._('Power')} icon={<IconPower size={16} />} items={guestMenuItems(guest, may).filter((item) => item.group === 'power').map(windowed)} />}
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

/** Questions and what is told about a task are drawn outside of the console: they would not be seen beside a full screen. */
const windowed = ({ run, ...item }: GuestMenuItem) => ({
  ...item,
  run: () => {
    if (document.fullscreenElement) void document.exitFullscreen()
    run()
  },
})

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
