// What tasks are called: the thing, then what is done with it, as administrators of PVE know them.
import { i18n } from '../i18n'

export interface Upid {
  node: string
  pid: number
  /** Start, in hundredths of a second since the node was started. */
  pstart: number
  /** Start, seconds since the epoch. */
  starttime: number
  type: string
  id: string
  user: string
}

/** Takes the name of a task apart: `UPID:node:pid:pstart:starttime:type:id:user:`, numbers in hexadecimal. */
export function parseUpid(upid: string): Upid | null {
  const found = /^UPID:([^:]+):([\dA-F]{8,9}):([\dA-F]{8,9}):([\dA-F]{8}):([^:]+):([^:]*):([^:]+):$/i.exec(upid)
  if (!found) return null
  const [, node = '', pid = '', pstart = '', starttime = '', type = '', id = '', user = ''] = found
  const hex = (text: string) => Number.parseInt(text, 16)
  // Characters that a UPID cannot hold are written as \xNN.
  const plain = id.replace(/\\x([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(hex(code)))
  return { node, pid: hex(pid), pstart: hex(pstart), starttime: hex(starttime), type, id: plain, user }
}

type Names = Record<string, () => string>

const VM: Names = {
  qmclone: () => i18n._('Clone'),
  qmcloudinit: () => i18n._('Regenerate cloud-init image'),
  qmconfig: () => i18n._('Configure'),
  qmcreate: () => i18n._('Create'),
  qmdelsnapshot: () => i18n._('Delete snapshot'),
  qmdestroy: () => i18n._('Destroy'),
  qmigrate: () => i18n._('Migrate'),
  qmmove: () => i18n._('Move disk'),
  qmpause: () => i18n._('Pause'),
  qmreboot: () => i18n._('Reboot'),
  qmreset: () => i18n._('Reset'),
  qmrescan: () => i18n._('Rescan disks'),
  qmrestore: () => i18n._('Restore'),
  qmresume: () => i18n._('Resume'),
  qmrollback: () => i18n._('Roll back'),
  qmshutdown: () => i18n._('Shutdown'),
  qmsnapshot: () => i18n._('Snapshot'),
  qmstart: () => i18n._('Start'),
  qmstop: () => i18n._('Stop'),
  qmsuspend: () => i18n._('Hibernate'),
  qmtemplate: () => i18n._('Convert to template'),
  hamigrate: () => i18n._('HA migrate'),
  hastart: () => i18n._('HA start'),
  hastop: () => i18n._('HA stop'),
}

const CT: Names = {
  vzclone: () => i18n._('Clone'),
  vzcreate: () => i18n._('Create'),
  vzdelsnapshot: () => i18n._('Delete snapshot'),
  vzdestroy: () => i18n._('Destroy'),
  vzfsck: () => i18n._('Check file system'),
  vzfstrim: () => i18n._('Trim'),
  vzimage: () => i18n._('Update image'),
  vzmigrate: () => i18n._('Migrate'),
  vzmount: () => i18n._('Mount'),
  vzreboot: () => i18n._('Reboot'),
  vzrescan: () => i18n._('Rescan volumes'),
  vzrestore: () => i18n._('Restore'),
  vzresume: () => i18n._('Resume'),
  vzrollback: () => i18n._('Roll back'),
  vzshutdown: () => i18n._('Shutdown'),
  vzsnapshot: () => i18n._('Snapshot'),
  vzstart: () => i18n._('Start'),
  vzstop: () => i18n._('Stop'),
  vzsuspend: () => i18n._('Suspend'),
  vztemplate: () => i18n._('Convert to template'),
  vzumount: () => i18n._('Unmount'),
  move_volume: () => i18n._('Move volume'),
}

/** For either kind of guest. */
const GUEST: Names = {
  vncproxy: () => i18n._('Console'),
  vzdump: () => i18n._('Backup'),
  resize: () => i18n._('Resize'),
  spiceproxy: () => i18n._('Console (SPICE)'),
}

const STORAGE: Names = {
  imgcopy: () => i18n._('Copy data'),
  imgdel: () => i18n._('Erase data'),
  prunebackups: () => i18n._('Prune backups'),
  dirstorage: () => i18n._('Create directory storage'),
}

const SERVICE: Names = {
  srvreload: () => i18n._('Reload'),
  srvrestart: () => i18n._('Restart'),
  srvstart: () => i18n._('Start'),
  srvstop: () => i18n._('Stop'),
}

/** Those that say all by themselves. */
const ALONE: Names = {
  aptupdate: () => i18n._('Update package database'),
  startall: () => i18n._('Bulk start of VMs and containers'),
  stopall: () => i18n._('Bulk shutdown of VMs and containers'),
  suspendall: () => i18n._('Suspend all VMs'),
  migrateall: () => i18n._('Bulk migration'),
  vncshell: () => i18n._('Shell'),
  spiceshell: () => i18n._('Shell (SPICE)'),
  srvreload: () => i18n._('Reload a service'),
  wipedisk: () => i18n._('Wipe disk'),
  diskinit: () => i18n._('Initialize disk'),
  acmenewcert: () => i18n._('Order certificate'),
  acmerenew: () => i18n._('Renew certificate'),
  vzdump: () => i18n._('Backup job'),
  clustercreate: () => i18n._('Create cluster'),
  clusterjoin: () => i18n._('Join cluster'),
}

const FILE: Names = { download: () => i18n._('Download'), ocipull: () => i18n._('Pull from registry') }

/** The name of a task: `VM 100 - Start`. What is not known is shown as it is. */
export function taskName(type: string, id: string): string {
  const action = (names: Names) => (Object.hasOwn(names, type) ? names[type]?.() : undefined)
  if (id === '') return action(ALONE) ?? action(VM) ?? action(CT) ?? action(GUEST) ?? action(STORAGE) ?? type
  const vm = action(VM)
  if (vm) return i18n._('VM {id} - {action}', { id, action: vm })
  const ct = action(CT)
  if (ct) return i18n._('CT {id} - {action}', { id, action: ct })
  const guest = action(GUEST)
  if (guest) return i18n._('VM/CT {id} - {action}', { id, action: guest })
  const storage = action(STORAGE)
  if (storage) return i18n._('Storage {id} - {action}', { id, action: storage })
  const file = action(FILE)
  if (file) return i18n._('File {id} - {action}', { id, action: file })
  const service = action(SERVICE)
  if (service) return i18n._('Service {id} - {action}', { id, action: service })
  const alone = action(ALONE)
  return `${alone ?? type} (${id})`
}

/** How a task stands, from the status that lists and the task itself tell. */
export type Outcome = 'running' | 'ok' | 'warning' | 'error'

export function outcomeOf(row: { status?: string; endtime?: number }): Outcome {
  const { status } = row
  if (status === undefined || status === '' || status === 'RUNNING' || status === 'running') return row.endtime ? 'error' : 'running'
  if (status === 'OK') return 'ok'
  return status.startsWith('WARNINGS') ? 'warning' : 'error'
}
