// What an appliance (OVA, OVF) says of the VM that it holds, and what is made of it.
import { i18n } from '../../i18n'

export interface Metadata {
  type: string
  source?: string
  'create-args': Record<string, string | number>
  /** A number stands for a disk that begins empty. */
  disks?: Record<string, string | number | { volid?: string; size?: number }>
  net?: Record<string, Record<string, string> | string>
  warnings?: { type: string; key?: string; value?: string }[]
}

export interface ImportDisk {
  key: string
  volid: string
  /** Bytes, if it says so. */
  size: number | undefined
}

/** Its disks, by where they hang: those that there is something to copy of. */
export const disksOf = ({ disks = {} }: Metadata): ImportDisk[] =>
  Object.entries(disks).flatMap(([key, disk]) =>
    typeof disk === 'number' ? [] : typeof disk === 'string' ? [{ key, volid: disk, size: undefined }] : [{ key, volid: disk.volid ?? '', size: disk.size }])

/** Cards that it has; each gets the bridge that is chosen. */
export const cardsOf = ({ net = {} }: Metadata): string[] => Object.keys(net)

export interface ImportValues extends Record<string, unknown> {
  vmid: string
  name: string
  storage: string
  bridge: string
  start: boolean
  /** Disks that are taken over. */
  disks: string[]
}

/** Parameters of `POST /nodes/{node}/qemu`. */
export function importParams(metadata: Metadata, node: string, v: ImportValues): Record<string, unknown> {
  const disks = disksOf(metadata).filter(({ key }) => v.disks.includes(key))
  const nets = Object.entries(metadata.net ?? {}).map(([key, net]) => {
    const { model = 'virtio', macaddr } = typeof net === 'string' ? { model: net } : net
    return [key, `${macaddr ? `${model}=${macaddr}` : model},bridge=${v.bridge}`]
  })
  const efi = metadata['create-args'].bios === 'ovmf' ? { efidisk0: `${v.storage}:1,efitype=4m` } : {}
  return {
    ...metadata['create-args'],
    node,
    vmid: Number(v.vmid),
    name: v.name || undefined,
    ...efi,
    ...Object.fromEntries(disks.map(({ key, volid }) => [key, `${v.storage}:0,import-from=${volid}`])),
    ...(v.bridge ? Object.fromEntries(nets) : {}),
    ...(disks[0] ? { boot: `order=${disks.map(({ key }) => key).join(';')}` } : {}),
    start: v.start ? 1 : undefined,
  }
}

/** What is to be known before it is imported. */
export function warningText({ type, key, value }: { type: string; key?: string; value?: string }): string {
  const what = [key, value].filter(Boolean).join(': ')
  switch (type) {
    case 'cdrom-image-ignored': return i18n._('The image of a CD drive is not taken over ({what})', { what })
    case 'efi-state-lost': return i18n._('What its firmware has kept is not taken over ({what})', { what })
    case 'guest-is-running': return i18n._('The VM runs: stop it first, or its disks are torn')
    case 'nvme-unsupported': return i18n._('An NVMe disk becomes a SCSI disk ({what})', { what })
    case 'ova-needs-extracting': return i18n._('It is packed: unpacking needs room on the storage')
    case 'ovmf-with-lsi-unsupported': return i18n._('OVMF does not boot from this SCSI controller: it is changed ({what})', { what })
    case 'serial-port-socket-only': return i18n._('A serial port becomes a socket ({what})', { what })
    default: return what ? `${type} (${what})` : type
  }
}
