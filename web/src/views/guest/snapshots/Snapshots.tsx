// Snapshots of a guest: take one, go back to one, say what it is, delete it.
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowBackUp, IconCamera, IconFlag, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { request } from '../../../api/call'
import { useApiAt, useMay } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { moment } from '../../../lib/format'
import { followInCorner, isUpid } from '../../../shell/tasks'
import { ActButton } from '../../../ui/ActButton'
import { confirm } from '../../../ui/confirm'
import { DataTable, NARROW, type Column } from '../../../ui/DataTable'
import { openDialog } from '../../../ui/dialogs'
import { Loaded } from '../../../ui/parts'
import { useReload } from '../../datacenter/reload'
import { lacks } from '../config/rows'
import { useFeature } from '../config/useFeature'
import { guestPath } from '../config/useSettings'
import { isRunning } from '../power'
import { EditSnapshot, TakeSnapshot } from './dialogs'
import classes from './snapshots.module.css'
import { CURRENT, snapshotTree, type Branch, type Snapshot } from './tree'

export function Snapshots({ guest }: { guest: Guest }) {
  const query = useApiAt<Snapshot[]>(`${guestPath(guest)}/snapshot`, {})
  return <Loaded query={query}>{(snapshots) => <Tree guest={guest} snapshots={snapshots} />}</Loaded>
}

function Tree({ guest, snapshots }: { guest: Guest; snapshots: Snapshot[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const narrow = useMediaQuery(NARROW) ?? false
  const may = useMay(`/vms/${guest.vmid}`)
  const branches = useMemo(() => snapshotTree(snapshots), [snapshots])
  const columns = useMemo(() => columnsOf(guest), [guest])
  const snapshot = snapshots.find((one) => one.name === chosen && one.name !== CURRENT)
  const { take, edit, rollback, remove } = useActs(guest, snapshots)
  const lock = guest.lock ? i18n._('It is locked: {lock}', { lock: guest.lock }) : false
  const mayTake = lacks(may, 'VM.Snapshot')
  const possible = useFeature(guest, 'snapshot')
  const cannot = possible === false && (guest.type === 'qemu'
    ? i18n._('Only disks of format qcow2 can have snapshots: clone the VM with that format')
    : i18n._('The storage of its disks cannot take snapshots of containers'))
  const none = !snapshot && i18n._('Choose a snapshot first')
  const offered = (verb: string, rest: string) => offers(`${verb} /nodes/{node}/${guest.type}/{vmid}/snapshot/{snapname}${rest}`)
  return (
    <DataTable
      label={i18n._('Snapshots')}
      rows={branches}
      columns={columns}
      id={({ snapshot: one }) => one.name}
      chosen={chosen}
      onChoose={(branch) => setChosen(branch?.snapshot.name ?? null)}
      onOpen={narrow || mayTake || !offered('put', '/config') ? undefined : ({ snapshot: one }) => one.name !== CURRENT && edit(one)}
      tools={(
        <>
          <ActButton icon={IconPlus} onClick={take} why={mayTake || lock || cannot}>{i18n._('Take Snapshot')}</ActButton>
          {offered('post', '/rollback') && <ActButton icon={IconArrowBackUp} onClick={() => snapshot && rollback(snapshot)} why={none || (may('VM.Snapshot') ? false : lacks(may, 'VM.Snapshot.Rollback')) || lock}>{i18n._('Rollback')}</ActButton>}
          {offered('put', '/config') && <ActButton icon={IconPencil} onClick={() => snapshot && edit(snapshot)} why={none || mayTake}>{i18n._('Edit')}</ActButton>}
          {offered('delete', '') && <ActButton icon={IconTrash} onClick={() => snapshot && remove(snapshot)} why={none || mayTake || lock}>{i18n._('Delete')}</ActButton>}
          {cannot && <span className="dim">{cannot}</span>}
        </>
      )}
    />
  )
}

/** What can be done with snapshots: each asks in a dialog first. */
function useActs(guest: Guest, snapshots: readonly Snapshot[]) {
  const reload = useReload()
  const base = `${guestPath(guest)}/snapshot`
  const name = guest.name ?? String(guest.vmid)
  const follow = async (label: string, call: () => Promise<unknown>) => {
    const answer = await call()
    if (isUpid(answer)) followInCorner(`${name}: ${label}`, answer)
    await reload(base)
  }
  const take = () =>
    openDialog(i18n._('Take snapshot of {name}', { name }), (close) => (
      <TakeSnapshot
        memory={guest.type === 'qemu' && isRunning(guest)}
        taken={snapshots.map((one) => one.name)}
        submit={(values) => follow(i18n._('Snapshot'), () => request('post', base, values))}
        close={close}
      />
    ), 'md')
  const edit = (one: Snapshot) =>
    openDialog(i18n._('Edit: {what}', { what: one.name }), (close) => (
      <EditSnapshot
        snapshot={one}
        submit={async (description) => {
          await request('put', `${base}/{snapname}/config`, { snapname: one.name, description })
          await reload(base)
        }}
        close={close}
      />
    ), 'md')
  const rollback = (one: Snapshot) =>
    confirm({
      title: i18n._('Roll {name} back', { name }),
      text: i18n._('{name} becomes what it was in {snapshot}. What was written since is lost.', { name, snapshot: one.name }),
      action: i18n._('Roll back'),
      options: one.vmstate ? [] : [{ name: 'start', label: i18n._('Start it afterwards') }],
      run: ({ start }) => follow(i18n._('Roll back'), () => request('post', `${base}/{snapname}/rollback`, { snapname: one.name, ...(start ? { start: 1 } : {}) })),
    })
  const remove = (one: Snapshot) =>
    confirm({
      title: i18n._('Delete snapshot {snapshot}', { snapshot: one.name }),
      text: i18n._('Nobody can go back to {snapshot} of {name} then. The guest itself does not change.', { snapshot: one.name, name }),
      action: i18n._('Delete'),
      run: () => follow(i18n._('Delete snapshot'), () => request('delete', `${base}/{snapname}`, { snapname: one.name })),
    })
  return { take, edit, rollback, remove }
}

function columnsOf(guest: Guest): Column<Branch>[] {
  const fixed = { enableSorting: false }
  return [
    {
      ...fixed, id: 'name', header: i18n._('Name'), accessorFn: ({ snapshot }) => snapshot.name, width: 300,
      cell: ({ row: { original: { snapshot, depth } } }) => (
        <span className={classes.name} style={{ paddingLeft: depth * 16 }}>
          {snapshot.name === CURRENT ? <IconFlag size={15} stroke={1.6} aria-hidden /> : <IconCamera size={15} stroke={1.6} aria-hidden />}
          {snapshot.name === CURRENT ? i18n._('NOW') : snapshot.name}
        </span>
      ),
    },
    ...(guest.type === 'qemu'
      ? [{ ...fixed, id: 'ram', header: i18n._('RAM'), accessorFn: ({ snapshot }: Branch) => (snapshot.name === CURRENT ? '' : snapshot.vmstate ? i18n._('Yes') : i18n._('No')), width: 70 }]
      : []),
    { ...fixed, id: 'time', header: i18n._('Date'), accessorFn: ({ snapshot }) => snapshot.snaptime ?? '', cell: ({ row: { original: { snapshot } } }) => (snapshot.snaptime ? moment(snapshot.snaptime) : ''), width: 200 },
    { ...fixed, id: 'description', header: i18n._('Description'), accessorFn: ({ snapshot }) => (snapshot.name === CURRENT ? i18n._('You are here!') : (snapshot.description ?? '')) },
  ]
}
