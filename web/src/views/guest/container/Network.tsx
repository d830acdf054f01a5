// Network interfaces of a container.
import { IconPencil, IconPlus, IconTrash, IconArrowBackUp, IconClock } from '@tabler/icons-react'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { ActButton } from '../../../ui/ActButton'
import { confirm } from '../../../ui/confirm'
import { DataTable, NARROW, type Column } from '../../../ui/DataTable'
import { openDialog } from '../../../ui/dialogs'
import { attempt } from '../../../ui/notify'
import { Loaded } from '../../../ui/parts'
import { useMayChange } from '../config/DefinitionTable'
import { lacks } from '../config/rows'
import { family, firstFree } from '../config/settings'
import { useChangeSettings, useSettings, type Seen } from '../config/useSettings'
import classes from '../config/config.module.css'
import { InterfaceDialog } from './InterfaceDialog'
import { readNic } from './nic'

interface Line {
  key: string
  /** What it will be; what it is if it will be removed. */
  nic: ReturnType<typeof readNic>
  waits: boolean
  goes: boolean
}

const linesOf = ({ settings }: Seen): Line[] =>
  family(settings, 'net').map((key) => {
    const setting = settings.get(key)
    return { key, nic: readNic(setting?.next ?? setting?.now ?? ''), waits: setting?.waits ?? false, goes: setting?.next === undefined }
  })

export function Network({ guest }: { guest: Guest }) {
  const query = useSettings(guest)
  return <Loaded query={query}>{(seen) => <Interfaces guest={guest} seen={seen} />}</Loaded>
}

function Interfaces({ guest, seen }: { guest: Guest; seen: Seen }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const narrow = useMediaQuery(NARROW) ?? false
  const change = useChangeSettings(guest)
  const lines = linesOf(seen)
  const line = lines.find((one) => one.key === chosen)
  const why = lacks(useMayChange(guest), 'VM.Config.Network')
  const none = i18n._('Choose a line first')
  const free = firstFree(seen.settings, 'net', 32)
  const dialog = (title: string, device: string) =>
    openDialog(title, (close) => <InterfaceDialog guest={guest} seen={seen} change={change} close={close} device={device} />)
  const edit = (one: Line) => dialog(i18n._('Edit: {what}', { what: one.key }), one.key)
  const remove = (one: Line) =>
    confirm({
      title: i18n._('Remove {device}', { device: one.key }),
      text: i18n._('{device} ({name}) is removed. A running container keeps it until its next start.', { device: one.key, name: one.nic.get('name') ?? '' }),
      action: i18n._('Remove'),
      run: () => change({ delete: one.key }, seen.digest),
    })
  return (
    <DataTable
      label={i18n._('Network')}
      rows={lines}
      columns={columns()}
      id={(one) => one.key}
      chosen={chosen}
      onChoose={(one) => setChosen(one?.key ?? null)}
      // On a phone a touch chooses; the buttons do the rest.
      onOpen={why || narrow ? undefined : edit}
      empty={i18n._('This container has no network')}
      tools={(
        <>
          <ActButton icon={IconPlus} onClick={() => dialog(i18n._('Add: {what}', { what: i18n._('Network Device') }), `net${free ?? 0}`)} why={why || (free === undefined && i18n._('No number is free'))}>{i18n._('Add')}</ActButton>
          <ActButton icon={IconPencil} onClick={() => line && edit(line)} why={!line ? none : why}>{i18n._('Edit')}</ActButton>
          <ActButton icon={IconTrash} onClick={() => line && remove(line)} why={!line ? none : why}>{i18n._('Remove')}</ActButton>
          <ActButton icon={IconArrowBackUp} onClick={() => line && void attempt(i18n._('Revert'), () => change({ revert: line.key }, seen.digest))} why={!line ? none : why || (!line.waits && i18n._('No change of this line is pending'))}>{i18n._('Revert')}</ActButton>
        </>
      )}
    />
  )
}

function columns(): Column<Line>[] {
  const of = (name: string, header: string, width?: number): Column<Line> => ({ id: name, header, accessorFn: ({ nic }) => nic.get(name) ?? '', width })
  return [
    { id: 'key', header: 'ID', accessorFn: ({ key }) => key, width: 60 },
    of('name', i18n._('Name'), 75),
    of('bridge', i18n._('Bridge'), 90),
    { id: 'firewall', header: i18n._('Firewall'), accessorFn: ({ nic }) => (nic.get('firewall') === '1' ? i18n._('Yes') : i18n._('No')), width: 75 },
    of('tag', i18n._('VLAN'), 60),
    of('hwaddr', i18n._('MAC address'), 155),
    { id: 'ip', header: i18n._('IP address'), accessorFn: ({ nic }) => [nic.get('ip'), nic.get('ip6')].filter(Boolean).join(', '), width: 120, grow: 2 },
    of('gw', i18n._('Gateway'), 110),
    of('mtu', i18n._('MTU'), 60),
    { id: 'link', header: i18n._('Link'), accessorFn: ({ nic }) => (nic.get('link_down') === '1' ? i18n._('down') : i18n._('up')), width: 60 },
    {
      id: 'waits', header: i18n._('Pending'), accessorFn: ({ waits }) => waits, width: 120,
      cell: ({ row: { original: line } }) => line.waits && (
        <span className={classes.pendingNote}><IconClock size={14} aria-hidden /> {line.goes ? i18n._('removed') : i18n._('next start')}</span>
      ),
    },
  ]
}
