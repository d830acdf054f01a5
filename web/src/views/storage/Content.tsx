// The volumes of one kind in a storage, and what brings more of them.
import { useMediaQuery } from '@mantine/hooks'
import { IconBrandDocker, IconCloudDownload, IconDatabaseImport, IconInfoCircle, IconLock, IconNotes, IconPackage, IconRefresh, IconTrash, IconUpload } from '@tabler/icons-react'
import { useMemo, useState, type DragEvent, type ReactNode } from 'react'
import { call } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { offers } from '../../api/offers'
import { useResource, useResources, type Resource } from '../../api/resources'
import { i18n } from '../../i18n'
import { runTask } from '../../shell/tasks'
import { confirm } from '../../ui/confirm'
import { NARROW } from '../../ui/DataTable'
import { ManagedTable, type Action } from '../datacenter/ManagedTable'
import { useReload } from '../datacenter/reload'
import { columnsFor, type Volume } from './columns'
import { openDownload } from './Download'
import { openOciPull } from './OciPull'
import { fileName, isBrought, type Brought } from './files'
import { isAppliance, openImport } from './ImportVm'
import { openPrune } from './Prune'
import classes from './storage.module.css'
import { openTemplates } from './Templates'
import { openUpload, type Place } from './Upload'
import { openDetails, openNotes } from './VolumeDialogs'

interface Props {
  node: string
  storage: string
  content: string
}

export function Content({ node, storage, content }: Props) {
  // Tasks tell of their changes; files that somebody puts there by hand are found now and then.
  const query = useApi('/nodes/{node}/storage/{storage}/content', { node, storage, content }, { refetchInterval: 60_000 })
  const rows = useResources((state) => state.rows)
  const narrow = useMediaQuery(NARROW) ?? false
  const columns = useMemo(() => {
    const guest = (vmid: number): Resource | undefined => rows.get(`qemu/${vmid}`) ?? rows.get(`lxc/${vmid}`)
    return columnsFor(content, guest, narrow)
  }, [content, rows, narrow])
  const active = useResource(`storage/${node}/${storage}`)?.status === 'available'
  const off = !active && i18n._('The storage is not active')
  const bring = useBring({ node, storage, content }, (query.data ?? []).map((volume) => volume.volid), off)
  const keep = useKeep({ node, storage, content })
  const table = (
    <ManagedTable
      label={i18n._('Volumes')}
      query={query}
      columns={columns}
      id={(volume) => volume.volid}
      sort={[{ id: 'name', desc: false }]}
      empty={off || (isBrought(content) ? i18n._('Nothing here yet: upload a file, drop one here, or let the node download one') : i18n._('Nothing here yet'))}
      actions={[...bring.actions, ...keep]}
    />
  )
  return <Drop open={bring.upload}>{table}</Drop>
}

/** What brings files: upload, download, templates. */
function useBring({ node, storage, content }: Props, volumes: string[], off: string | false): { actions: Action<Volume>[]; upload: ((file: File | null) => void) | null } {
  const reload = useReload()
  const mayStore = useMay(`/storage/${storage}`)('Datastore.AllocateTemplate')
  const mayNode = useMay(`/nodes/${node}`)('Sys.AccessNetwork')
  const mayRoot = useMay('/')
  if (!isBrought(content)) return { actions: [], upload: null }
  const place: Place = { node, storage, content: content satisfies Brought }
  const after = () => void reload(`/nodes/${node}/storage/${storage}`)
  const never = off || (!mayStore && i18n._('This needs the privilege Datastore.AllocateTemplate'))
  const network = !mayNode && !(mayRoot('Sys.Audit') && mayRoot('Sys.Modify')) && i18n._('This needs the privilege Sys.AccessNetwork on the node')
  const upload = (file: File | null) => openUpload(place, volumes, file, after)
  const actions: Action<Volume>[] = [
    { label: i18n._('Upload'), icon: IconUpload, never, all: () => upload(null) },
    { label: i18n._('Download from URL'), icon: IconCloudDownload, never: never || network, all: () => openDownload(place, volumes, after) },
  ]
  if (content !== 'iso') actions.push({ label: i18n._('Templates'), icon: IconPackage, never, all: () => openTemplates(place, volumes, after) })
  if (content === 'vztmpl' && offers('post /nodes/{node}/storage/{storage}/oci-registry-pull'))
    actions.push({ label: i18n._('Pull from registry'), icon: IconBrandDocker, never: never || (!mayNode && i18n._('This needs the privilege Sys.AccessNetwork on the node')), all: () => openOciPull(place, after) })
  return { actions, upload: never ? null : upload }
}

/** What can be done with a volume that is there. */
function useKeep({ node, storage, content }: Props): Action<Volume>[] {
  const reload = useReload()
  const may = useMay(`/storage/${storage}`)
  const disk = content === 'images' || content === 'rootdir'
  const backup = content === 'backup'
  const after = () => reload(`/nodes/${node}/storage/${storage}`)
  const mayRescan = useMay('/vms')('VM.Config.Disk')
  const allocate = may('Datastore.Allocate')
  // Whoever owns a guest removes its backups without being an administrator of the storage.
  const never = !allocate && !(backup && may('Datastore.AllocateSpace')) && i18n._('This needs the privilege Datastore.Allocate')
  const remove = ({ volid, vmid }: Volume) =>
    confirm({
      title: i18n._('Remove {name}', { name: fileName(volid) }),
      text: disk
        ? i18n._('The disk {volid} of guest {vmid} and all data on it are lost. This cannot be undone.', { volid, vmid: vmid ?? '–' })
        : i18n._('{volid} is removed. This cannot be undone.', { volid }),
      typed: disk ? fileName(volid) : undefined,
      action: i18n._('Remove'),
      run: async () => {
        const answer = await call('delete', '/nodes/{node}/storage/{storage}/content/{volume}', { node, storage, volume: volid })
        void runTask(i18n._('Remove {name}', { name: fileName(volid) }), () => Promise.resolve(answer))
        await after()
      },
    })
  const actions: Action<Volume>[] = [
    { label: i18n._('Details'), icon: IconInfoCircle, main: true, one: (volume) => openDetails(node, storage, volume) },
  ]
  if (disk) actions.push({ label: i18n._('Rescan'), icon: IconRefresh, never: !mayRescan && i18n._('This needs the privilege {privilege} on all guests', { privilege: 'VM.Config.Disk' }), all: () => rescan(node, content, after) })
  if (content === 'import' && offers('get /nodes/{node}/storage/{storage}/import-metadata'))
    actions.push({
      label: i18n._('Import as VM'), icon: IconDatabaseImport,
      why: ({ volid }) => !isAppliance(volid) && i18n._('This is a disk: choose it when a VM is created, or add it to one'),
      one: ({ volid }) => openImport(node, storage, volid),
    })
  if (backup)
    actions.push(
      { label: i18n._('Edit notes'), icon: IconNotes, never, one: (volume) => openNotes(node, storage, volume, after) },
      {
        label: i18n._('Change protection'),
        icon: IconLock,
        never,
        one: (volume) =>
          void runTask(volume.protected ? i18n._('Protection off') : i18n._('Protection on'), async () => {
            await call('put', '/nodes/{node}/storage/{storage}/content/{volume}', { node, storage, volume: volume.volid, protected: volume.protected ? 0 : 1 })
            await after()
          }),
      },
      { label: i18n._('Prune'), icon: IconTrash, never, all: () => openPrune(node, storage, after) },
    )
  actions.push({
    label: i18n._('Remove'),
    icon: IconTrash,
    danger: true,
    never,
    why: (volume) => volume.protected === 1 && i18n._('It is protected'),
    one: remove,
  })
  return actions
}

/** Compares what guests name with what storages of the node hold. */
function rescan(node: string, content: string, after: () => Promise<unknown>) {
  const vms = content === 'images'
  const title = vms ? i18n._('Rescan disks of VMs') : i18n._('Rescan volumes of containers')
  confirm({
    title,
    text: i18n._('All storages of {node} are looked through: sizes that changed are noted, and volumes that no option names are listed as unused with the guest that they belong to.', { node }),
    action: i18n._('Rescan'),
    danger: false,
    options: [{ name: 'dryrun', label: i18n._('Only tell what would change, in the output of the task') }],
    run: async ({ dryrun }) => {
      await runTask(title, () => call('post', vms ? '/pleiad/nodes/{node}/rescan' : '/pleiad/nodes/{node}/rescan-volumes', { node, dryrun: dryrun ? 1 : 0 }))
      await after()
    },
  })
}

/** Files that are dropped here are offered for upload. */
function Drop({ open, children }: { open: ((file: File | null) => void) | null; children: ReactNode }) {
  const [over, setOver] = useState(false)
  if (!open) return children
  const files = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  return (
    // The button for uploads does the same by keyboard.
    <div
      role="presentation"
      className={classes.drop}
      data-over={over ? i18n._('Drop the file to upload it') : undefined}
      onDragOver={(event) => {
        if (!files(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (!file) return
        event.preventDefault()
        open(file)
      }}
    >
      {children}
    </div>
  )
}
