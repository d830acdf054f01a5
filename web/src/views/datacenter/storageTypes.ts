// Types of storage that this version offers, and what each of them can be told.

/** A setting that only some types have. */
export interface Own {
  name: string
  kind: 'text' | 'switch' | 'password'
  required?: boolean
  /** It cannot change later. */
  fixed?: boolean
  placeholder?: string
}

interface Kind {
  own: readonly Own[]
  /** Kinds of content; all when not given. */
  contents?: readonly string[]
  /** Formats of disks to choose from. */
  formats?: readonly string[]
  /** Which of the settings that several types share it has. */
  has: readonly Shared[]
}

type Shared = 'path' | 'shared' | 'format' | 'preallocation' | 'mountpoint' | 'directories' | 'retention'

const FILES: readonly Shared[] = ['format', 'preallocation', 'directories', 'retention']
const DISKS = ['images', 'rootdir']

export const KINDS: Readonly<Record<string, Kind>> = {
  dir: { own: [], formats: ['raw', 'qcow2', 'vmdk', 'subvol'], has: [...FILES, 'path', 'shared', 'mountpoint'] },
  btrfs: { own: [{ name: 'nocow', kind: 'switch' }], formats: ['raw', 'subvol'], has: [...FILES, 'path', 'shared', 'mountpoint'] },
  lvm: {
    own: [
      { name: 'vgname', kind: 'text', required: true, fixed: true, placeholder: 'vg0' },
      { name: 'saferemove', kind: 'switch' },
      { name: 'tagged_only', kind: 'switch' },
    ],
    contents: DISKS,
    has: ['shared'],
  },
  lvmthin: {
    own: [
      { name: 'vgname', kind: 'text', required: true, fixed: true, placeholder: 'vg0' },
      { name: 'thinpool', kind: 'text', required: true, fixed: true, placeholder: 'data' },
    ],
    contents: DISKS,
    has: [],
  },
  nfs: {
    own: [
      { name: 'server', kind: 'text', required: true, fixed: true, placeholder: 'nas.example.org' },
      { name: 'export', kind: 'text', required: true, fixed: true, placeholder: '/export/vm' },
      { name: 'options', kind: 'text', placeholder: 'vers=4.2' },
    ],
    formats: ['raw', 'qcow2', 'vmdk'],
    has: FILES,
  },
  cifs: {
    own: [
      { name: 'server', kind: 'text', required: true, fixed: true, placeholder: 'nas.example.org' },
      { name: 'share', kind: 'text', required: true, fixed: true, placeholder: 'vm' },
      { name: 'username', kind: 'text' },
      { name: 'password', kind: 'password' },
      { name: 'domain', kind: 'text' },
      { name: 'subdir', kind: 'text', placeholder: '/guests' },
      { name: 'smbversion', kind: 'text', placeholder: 'default' },
      { name: 'options', kind: 'text' },
    ],
    formats: ['raw', 'qcow2', 'vmdk'],
    has: FILES,
  },
}

/** Types that the API takes, in the order in which they are offered. */
export const TYPES: readonly string[] = ['dir', 'btrfs', 'lvm', 'lvmthin', 'nfs', 'cifs']

export const knows = (type: string) => TYPES.includes(type)
export const hasSetting = (type: string, setting: Shared) => KINDS[type]?.has.includes(setting) ?? false
export const ownOf = (type: string): readonly Own[] => KINDS[type]?.own ?? []
