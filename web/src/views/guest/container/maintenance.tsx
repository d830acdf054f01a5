// What keeps a container's volumes in order: a check of their file systems, blocks given back, a look from the node; and
// how full they are.
import { IconActivityHeartbeat, IconBrandDocker, IconFolderOpen, IconFolderOff, IconScissors } from '@tabler/icons-react'
import { request } from '../../../api/call'
import { useApiAt } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { bytes, percent, share } from '../../../lib/format'
import { runTask } from '../../../shell/tasks'
import { confirm } from '../../../ui/confirm'
import { openDialog } from '../../../ui/dialogs'
import { attempt, done } from '../../../ui/notify'
import type { Act } from '../config/ConfigTable'
import { act, lacks } from '../config/rows'
import { guestPath, type Seen } from '../config/useSettings'
import { UPDATE_IMAGE, UpdateImage } from './ImageDialog'
import { isOfHost, readMount } from './mounts'

type May = (privilege: string) => boolean

const OWN = '/pleiad/nodes/{node}/lxc/{vmid}'
const nameOf = (guest: Guest) => guest.name ?? String(guest.vmid)
const pathOf = (guest: Guest, what: string) => `/pleiad${guestPath(guest)}/${what}`

interface Filled {
  mp: string
  size: number
  used: number
}

/** How often it is asked how full the volumes are. ms */
const FILLED_MS = 30_000

/** How full the volumes of a running container are, in words, by option. */
export function useFilled(guest: Guest): ReadonlyMap<string, string> {
  // A container that does not run would be mounted for that.
  const enabled = offers(`get ${OWN}/df`) && guest.status === 'running'
  const { data } = useApiAt<Filled[]>(pathOf(guest, 'df'), {}, { enabled, refetchInterval: FILLED_MS })
  if (!enabled || !data) return new Map()
  return new Map(data.map(({ mp, size, used }) => [mp, i18n._('{part} used: {used} of {size}', { part: percent(share(used, size)), used: bytes(used), size: bytes(size) })]))
}

/** Exchanges the image of a container that was made of one: such a container has a first program of its own. */
function image(guest: Guest, seen: Seen, may: May, stopped: string | false): Act[] {
  if (!offers(UPDATE_IMAGE) || !seen.settings.has('entrypoint')) return []
  const run = () => openDialog(i18n._('Update image of {name}', { name: nameOf(guest) }), (close) => <UpdateImage guest={guest} close={close} />)
  return [act(i18n._('Update image'), IconBrandDocker, run, lacks(may, 'VM.Config.Disk') || lacks(may, 'VM.Config.Options') || stopped)]
}

function check(guest: Guest, seen: Seen, key: string, may: May, stopped: string | false): Act[] {
  if (!offers(`post ${OWN}/fsck`)) return []
  const value = seen.settings.get(key)?.now ?? ''
  const why = lacks(may, 'VM.Config.Disk')
    || (isOfHost(value) && i18n._('It is of the node, not a volume of a storage'))
    || (!readMount(value).has('size') && i18n._('It is a folder: the file system is that of its storage'))
    || stopped
  const run = () => confirm({
    title: i18n._('Check file system of {device}', { device: key }),
    text: i18n._('The file system of {device} is checked, and repaired where that is safe. The container cannot start meanwhile.', { device: key }),
    action: i18n._('Check file system'),
    danger: false,
    options: [{ name: 'force', label: i18n._('Also if it says that it is clean') }],
    run: ({ force }) => runTask(i18n._('{name}: check file system', { name: nameOf(guest) }), () => request('post', pathOf(guest, 'fsck'), { device: key, force: force ? 1 : 0 })),
  })
  return [act(i18n._('Check file system'), IconActivityHeartbeat, run, why)]
}

function trim(guest: Guest, may: May): Act[] {
  if (!offers(`post ${OWN}/fstrim`)) return []
  const run = () => confirm({
    title: i18n._('Trim {name}', { name: nameOf(guest) }),
    text: i18n._('The storages are told which blocks of the container are free, so that they can use them for others.'),
    action: i18n._('Trim'),
    danger: false,
    options: [{ name: 'root', label: i18n._('Only the root disk') }],
    run: ({ root }) => runTask(i18n._('{name}: trim', { name: nameOf(guest) }), () => request('post', pathOf(guest, 'fstrim'), { 'ignore-mountpoints': root ? 1 : 0 })),
  })
  return [act(i18n._('Trim'), IconScissors, run, lacks(may, 'VM.Config.Disk'))]
}

/** Shows the file systems of a stopped container on the node; it is locked until they are taken back. */
function mounting(guest: Guest, may: May, stopped: string | false): Act[] {
  if (!offers(`post ${OWN}/mount`)) return []
  const title = i18n._('Mount on the node')
  if (guest.lock === 'mounted')
    return [act(i18n._('Unmount from the node'), IconFolderOff, () => void attempt(i18n._('Unmount from the node'), () => request('delete', pathOf(guest, 'mount'), {})), lacks(may, 'root@pam'))]
  const run = () => confirm({
    title,
    text: i18n._('The file systems of {name} are mounted where the shell of the node sees them. The container is locked until they are unmounted here.', { name: nameOf(guest) }),
    action: title,
    danger: false,
    run: async () => {
      const place = await request('post', pathOf(guest, 'mount'), {})
      done(i18n._('Mounted at {place}', { place: String(place) }))
    },
  })
  return [act(title, IconFolderOpen, run, lacks(may, 'root@pam') || stopped)]
}

/** What can be done with a volume besides moving and growing it. */
export function maintenance(guest: Guest, seen: Seen, key: string, may: May): Act[] {
  const stopped = (guest.status !== 'stopped' && i18n._('It is running: stop it first')) || (guest.lock ? i18n._('It is locked: {lock}', { lock: guest.lock }) : false)
  const root = key === 'rootfs'
  return [
    ...(root ? image(guest, seen, may, stopped) : []),
    ...check(guest, seen, key, may, stopped),
    ...(root ? [...trim(guest, may), ...mounting(guest, may, stopped)] : []),
  ]
}
