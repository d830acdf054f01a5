// What a container may use.
import { IconArrowsExchange, IconCpu, IconDatabase, IconFileText, IconFolder, IconRowInsertBottom, IconUnlink } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { openDialog } from '../../../ui/dialogs'
import type { Act } from '../config/ConfigTable'
import { DefinitionTable, useMayChange, type CustomDefinition } from '../config/DefinitionTable'
import { act, lacks, type Definition } from '../config/rows'
import { family } from '../config/settings'
import { useSettings, type Seen } from '../config/useSettings'
import { ResizeDisk } from '../hardware/DiskDialogs'
import { readDrive } from '../hardware/drives'

const FIXED: readonly Definition[] = [
  {
    id: 'memory', label: () => i18n._('Memory'), icon: IconFileText, keys: ['memory'], needs: 'VM.Config.Memory',
    text: (get) => i18n._('{memory} MiB', { memory: get('memory') ?? '512' }),
    fields: () => [{ key: 'memory', kind: 'number', label: () => i18n._('Memory'), suffix: 'MiB', min: 16, step: 64, absent: '512', required: true }],
  },
  {
    id: 'swap', label: () => i18n._('Swap'), icon: IconArrowsExchange, keys: ['swap'], needs: 'VM.Config.Memory',
    text: (get) => i18n._('{memory} MiB', { memory: get('swap') ?? '512' }),
    fields: () => [{ key: 'swap', kind: 'number', label: () => i18n._('Swap'), suffix: 'MiB', min: 0, step: 64, absent: '512', required: true }],
  },
  {
    id: 'cores', label: () => i18n._('Cores'), icon: IconCpu, keys: ['cores', 'cpulimit', 'cpuunits'], needs: 'VM.Config.CPU',
    text: (get) => {
      const parts = [get('cores') ?? i18n._('unlimited')]
      if (get('cpulimit') !== undefined && get('cpulimit') !== '0') parts.push(i18n._('limit {n}', { n: get('cpulimit') ?? '' }))
      if (get('cpuunits') !== undefined) parts.push(i18n._('weight {n}', { n: get('cpuunits') ?? '' }))
      return parts.join(', ')
    },
    fields: () => [
      { key: 'cores', kind: 'number', label: () => i18n._('Cores'), min: 1, max: 8192, placeholder: () => i18n._('unlimited') },
      { key: 'cpulimit', kind: 'number', label: () => i18n._('CPU limit'), min: 0, max: 8192, step: 0.5, placeholder: () => i18n._('unlimited'), hint: () => i18n._('In processors; 1.5 is one and a half'), advanced: true },
      { key: 'cpuunits', kind: 'number', label: () => i18n._('CPU units'), min: 0, max: 500_000, placeholder: '100', hint: () => i18n._('Weight when processor time is short'), advanced: true },
    ],
  },
]

/** A volume as it is written; this version creates it with the container and does not change it. */
const volume = (key: string, label: string, icon: Definition['icon']): Definition => ({ id: key, label: () => label, icon, keys: [key], text: (get) => get(key) })

/** Makes the root disk larger. */
function resize(guest: Guest, seen: Seen, may: (privilege: string) => boolean): Act {
  const isFolder = !readDrive(seen.settings.get('rootfs')?.now ?? '').has('size')
  const why = lacks(may, 'VM.Config.Disk')
    || (isFolder && i18n._('It is a folder: it has the room of its storage'))
    || (guest.status !== 'stopped' && i18n._('It is running: stop it first'))
  const open = () =>
    openDialog(i18n._('Resize {device}', { device: 'rootfs' }), (close) => <ResizeDisk guest={guest} seen={seen} close={close} disk="rootfs" />)
  return act(i18n._('Resize'), IconRowInsertBottom, open, why)
}

export function Resources({ guest }: { guest: Guest }) {
  const may = useMayChange(guest)
  const { data } = useSettings(guest)
  const definitions = useMemo<CustomDefinition[]>(() => {
    const settings = data?.settings ?? new Map()
    return [
      ...FIXED,
      { ...volume('rootfs', i18n._('Root Disk'), IconDatabase), more: (seen: Seen) => [resize(guest, seen, may)] },
      ...family(settings, 'mp').map((key) => volume(key, i18n._('Mount Point ({key})', { key }), IconFolder)),
      ...family(settings, 'dev').map((key) => volume(key, i18n._('Device ({key})', { key }), IconCpu)),
      ...family(settings, 'unused').map((key) => volume(key, i18n._('Unused Disk ({key})', { key }), IconUnlink)),
    ]
  }, [data, guest, may])
  return <DefinitionTable guest={guest} label={i18n._('Resources')} definitions={definitions} />
}
