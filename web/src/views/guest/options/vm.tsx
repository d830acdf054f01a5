// Options of a VM.
import { IconAbc, IconActivity, IconArrowsSort, IconBolt, IconCalendarTime, IconClock, IconCode, IconCpu, IconDeviceGamepad, IconFingerprint, IconKeyboard, IconPlug, IconRobot, IconSnowflake, IconBrandTabler, IconRefresh, IconDatabase, IconFishHook, IconScreenShare } from '@tabler/icons-react'
import { createElement } from 'react'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import type { CustomDefinition } from '../config/DefinitionTable'
import type { Getter } from '../config/settings'
import { BootOrder } from './BootOrder'
import { HotplugChoice, StateStorage } from './choices'
import { encryption } from './encryption'
import { flag, onboot, plain, protection, startup } from './common'
import { Smbios } from './Smbios'

const OPTIONS = 'VM.Config.Options'
const HARDWARE = 'VM.Config.HWType'

const SYSTEMS = (): { value: string; label: string }[] => [
  { value: 'l26', label: 'Linux 2.6 – 6.x' },
  { value: 'l24', label: 'Linux 2.4' },
  { value: 'win11', label: 'Windows 11/2022/2025' },
  { value: 'win10', label: 'Windows 10/2016/2019' },
  { value: 'win8', label: 'Windows 8/2012' },
  { value: 'win7', label: 'Windows 7/2008r2' },
  { value: 'w2k8', label: 'Windows 2008' },
  { value: 'wvista', label: 'Windows Vista' },
  { value: 'w2k3', label: 'Windows 2003' },
  { value: 'wxp', label: 'Windows XP' },
  { value: 'w2k', label: 'Windows 2000' },
  { value: 'solaris', label: 'Solaris/OpenSolaris' },
  { value: 'other', label: i18n._('Other') },
]

const KEYBOARDS = 'da de de-ch en-gb en-us es fi fr fr-be fr-ca fr-ch hu is it ja lt mk nl no pl pt pt-br sl sv tr'.split(' ')

function bootText(get: Getter): string {
  const order = parseProperties(get('boot') ?? '', 'legacy')
  if (order.has('order')) return (order.get('order') ?? '').split(';').filter(Boolean).join(', ') || i18n._('nothing')
  return order.has('legacy') ? (order.get('legacy') ?? '') : i18n._('Default')
}

function hotplugText(get: Getter): string {
  const value = get('hotplug')
  if (value === '0') return i18n._('Disabled')
  return value === undefined || value === '1' ? 'network, disk, usb' : value.split(/[,;]/).join(', ')
}

function agentText(get: Getter): string {
  const agent = parseProperties(get('agent') ?? '', 'enabled')
  if (agent.get('enabled') !== '1') return i18n._('Disabled')
  return agent.get('type') ? i18n._('Enabled ({type})', { type: agent.get('type') ?? '' }) : i18n._('Enabled')
}

function spiceText(get: Getter): string {
  const extras = parseProperties(get('spice_enhancements') ?? '')
  const parts = [extras.get('foldersharing') === '1' && i18n._('folder sharing'), extras.get('videostreaming') && extras.get('videostreaming') !== 'off' && i18n._('video streaming: {kind}', { kind: extras.get('videostreaming') ?? '' })]
  return parts.filter(Boolean).join(', ') || i18n._('none')
}

/** Options of a VM, in the order of the table. */
export const vmOptions = (guest: Guest): readonly CustomDefinition[] => [
  plain({ key: 'name', kind: 'text', label: () => i18n._('Name'), placeholder: 'web-1' }, OPTIONS, IconAbc, () => i18n._('none')),
  onboot,
  startup,
  {
    id: 'ostype', label: () => i18n._('OS Type'), icon: IconBrandTabler, keys: ['ostype'], needs: OPTIONS,
    text: (get) => SYSTEMS().find(({ value }) => value === (get('ostype') ?? 'other'))?.label ?? get('ostype'),
    fields: () => [{ key: 'ostype', kind: 'select', label: () => i18n._('OS Type'), choices: SYSTEMS, absent: 'other' }],
  },
  {
    id: 'boot', label: () => i18n._('Boot Order'), icon: IconArrowsSort, keys: ['boot', 'bootdisk'], needs: 'VM.Config.Disk',
    text: bootText,
    editor: (props) => <BootOrder {...props} />,
  },
  flag('tablet', () => i18n._('Use tablet for pointer'), HARDWARE, IconDeviceGamepad, true),
  {
    id: 'hotplug', label: () => i18n._('Hotplug'), icon: IconPlug, keys: ['hotplug'], needs: HARDWARE, text: hotplugText,
    fields: () => [
      { key: 'hotplug', kind: 'custom', label: () => i18n._('Hotplug'), absent: 'network,disk,usb', hint: () => i18n._('What a running VM takes over at once'), draw: (field) => createElement(HotplugChoice, field) },
    ],
  },
  flag('acpi', () => i18n._('ACPI support'), HARDWARE, IconBolt, true),
  flag('kvm', () => i18n._('KVM hardware virtualization'), HARDWARE, IconCpu, true, () => i18n._('Without it every instruction is translated: slow')),
  flag('freeze', () => i18n._('Freeze CPU at startup'), 'VM.PowerMgmt', IconSnowflake, false, () => i18n._('It waits for Resume')),
  {
    id: 'localtime', label: () => i18n._('Use local time for RTC'), icon: IconClock, keys: ['localtime'], needs: OPTIONS,
    text: (get) => (get('localtime') === undefined ? i18n._('Default (as Windows expects it, if the OS type is Windows)') : get('localtime') === '1' ? i18n._('Yes') : i18n._('No')),
    fields: () => [
      { key: 'localtime', kind: 'select', label: () => i18n._('Use local time for RTC'), absent: 'default', choices: () => [{ value: 'default', label: i18n._('Default') }, { value: '1', label: i18n._('Yes') }, { value: '0', label: i18n._('No') }] },
    ],
  },
  plain({ key: 'startdate', kind: 'text', label: () => i18n._('RTC start date'), placeholder: 'now', hint: () => i18n._('“now”, or a date such as 2026-06-17T16:01:21') }, OPTIONS, IconCalendarTime, () => i18n._('now')),
  {
    id: 'smbios1', label: () => i18n._('SMBIOS settings (type1)'), icon: IconFingerprint, keys: ['smbios1'], needs: HARDWARE,
    text: (get) => get('smbios1') ?? i18n._('Default'),
    editor: (props) => <Smbios {...props} />,
  },
  {
    id: 'agent', label: () => i18n._('QEMU Guest Agent'), icon: IconRobot, keys: ['agent'], needs: OPTIONS, text: agentText,
    fields: () => [
      { key: 'agent', property: 'enabled', kind: 'switch', label: () => i18n._('Use QEMU Guest Agent'), absent: '0' },
      { key: 'agent', property: 'type', kind: 'select', label: () => i18n._('Type'), absent: 'virtio', choices: [{ value: 'virtio', label: 'VirtIO' }, { value: 'isa', label: 'ISA' }], when: (values) => values['agent:enabled'] === '1' },
      { key: 'agent', property: 'fstrim_cloned_disks', kind: 'switch', label: () => i18n._('Trim after cloning and migration'), absent: '0', when: (values) => values['agent:enabled'] === '1' },
      { key: 'agent', property: 'freeze-fs', kind: 'switch', label: () => i18n._('Freeze file systems for backups'), absent: '1', when: (values) => values['agent:enabled'] === '1' },
    ],
  },
  protection,
  {
    id: 'keyboard', label: () => i18n._('Keyboard layout'), icon: IconKeyboard, keys: ['keyboard'], needs: OPTIONS,
    text: (get) => get('keyboard') ?? i18n._('Default'),
    fields: () => [{ key: 'keyboard', kind: 'search', label: () => i18n._('Keyboard layout'), absent: 'default', choices: () => [{ value: 'default', label: i18n._('Default') }, ...KEYBOARDS.map((value) => ({ value, label: value }))] }],
  },
  flag('reboot', () => i18n._('Allow reboot'), OPTIONS, IconRefresh, true, () => i18n._('Otherwise a guest that reboots stops')),
  {
    id: 'vmgenid', label: () => i18n._('VM Generation ID'), icon: IconActivity, keys: ['vmgenid'], needs: HARDWARE,
    text: (get) => get('vmgenid') ?? i18n._('none'),
    fields: () => [{ key: 'vmgenid', kind: 'text', label: () => i18n._('VM Generation ID'), hint: () => i18n._('1 makes a new one, 0 takes it away') }],
  },
  plain({ key: 'args', kind: 'area', label: () => i18n._('Arguments for QEMU'), hint: () => i18n._('For experts: added to the command line as they are') }, 'root@pam', IconCode, () => i18n._('none')),
  {
    id: 'spice', label: () => i18n._('Spice Enhancements'), icon: IconScreenShare, keys: ['spice_enhancements'], needs: 'root@pam',
    text: (get) => spiceText(get),
    fields: () => [
      { key: 'spice_enhancements', property: 'foldersharing', kind: 'switch', label: () => i18n._('Folder sharing'), absent: '0', hint: () => i18n._('The guest needs the WebDAV service of SPICE') },
      { key: 'spice_enhancements', property: 'videostreaming', kind: 'select', label: () => i18n._('Video streaming'), absent: 'off', choices: ['off', 'all', 'filter'] },
    ],
  },
  {
    id: 'vmstatestorage', label: () => i18n._('VM State storage'), icon: IconDatabase, keys: ['vmstatestorage'], needs: 'VM.Config.Disk',
    text: (get) => get('vmstatestorage') ?? i18n._('Automatic'),
    fields: () => [{ key: 'vmstatestorage', kind: 'custom', label: () => i18n._('VM State storage'), hint: () => i18n._('For memory, when the VM hibernates or is kept by a snapshot'), absent: '', draw: (field) => createElement(StateStorage, { ...field, node: guest.node }) }],
  },
  plain({ key: 'hookscript', kind: 'text', label: () => i18n._('Hookscript'), placeholder: 'local:snippets/hook.pl', hint: () => i18n._('A volume with content “snippets”, run before and after start and stop') }, 'root@pam', IconFishHook, () => i18n._('none')),
  ...encryption(),
]
