// Options of a container.
import { IconBox, IconCode, IconCpu, IconDeviceDesktop, IconLock, IconPuzzle, IconTerminal, IconTerminal2, IconFishHook, IconVariable, IconWorldPin, IconBrandTabler } from '@tabler/icons-react'
import { createElement } from 'react'
import { settable } from '../../../api/offers'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import type { CustomDefinition } from '../config/DefinitionTable'
import type { Field } from '../config/fields'
import { isOn, yesNo } from '../config/rows'
import { EnvironmentDialog } from './Environment'
import { environmentLines } from './environmentText'
import { flag, onboot, plain, protection, startup } from './common'

const OPTIONS = 'VM.Config.Options'

const MORE_FEATURES: readonly Field[] = [
  { key: 'features', property: 'mknod', kind: 'switch', label: () => i18n._('Make device nodes'), absent: '0', hint: () => i18n._('Some that do no harm; experimental in the kernel') },
  { key: 'features', property: 'mount', kind: 'list', separator: ';', label: () => i18n._('File systems that it may mount'), placeholder: 'nfs;cifs' },
  { key: 'features', property: 'force_rw_sys', kind: 'switch', label: () => i18n._('Write to /sys'), absent: '0', hint: () => i18n._('Also where that is not safe for the node'), advanced: true },
]

export const CONTAINER_OPTIONS: readonly CustomDefinition[] = [
  onboot,
  startup,
  { id: 'ostype', label: () => i18n._('OS Type'), icon: IconBrandTabler, keys: ['ostype'], text: (get) => get('ostype') ?? i18n._('unknown') },
  { id: 'arch', label: () => i18n._('Architecture'), icon: IconCpu, keys: ['arch'], text: (get) => get('arch') ?? 'amd64' },
  flag('console', () => i18n._('/dev/console'), OPTIONS, IconDeviceDesktop, true),
  plain({ key: 'tty', kind: 'number', label: () => i18n._('TTY count'), min: 0, max: 6, absent: '2' }, OPTIONS, IconTerminal, () => '2'),
  {
    id: 'cmode', label: () => i18n._('Console mode'), icon: IconTerminal2, keys: ['cmode'], needs: OPTIONS, text: (get) => get('cmode') ?? 'tty',
    fields: () => [
      { key: 'cmode', kind: 'select', label: () => i18n._('Console mode'), absent: 'tty', choices: () => [{ value: 'tty', label: i18n._('tty: a login') }, { value: 'console', label: i18n._('console: /dev/console') }, { value: 'shell', label: i18n._('shell: root without login') }] },
    ],
  },
  protection,
  { id: 'unprivileged', label: () => i18n._('Unprivileged container'), icon: IconLock, keys: ['unprivileged'], text: (get) => yesNo(isOn(get, 'unprivileged')) },
  {
    id: 'features', label: () => i18n._('Features'), icon: IconPuzzle, keys: ['features'], needs: 'VM.Allocate',
    text: (get) => [...parseProperties(get('features') ?? '')].filter(([, value]) => value !== '0').map(([key, value]) => (value === '1' ? key : `${key}=${value}`)).join(', ') || i18n._('none'),
    fields: () => [
      { key: 'features', property: 'nesting', kind: 'switch', label: () => i18n._('Nesting'), absent: '0', hint: () => i18n._('Containers inside; a recent systemd wants it') },
      { key: 'features', property: 'keyctl', kind: 'switch', label: () => 'keyctl', absent: '0', hint: () => i18n._('Some container engines inside want it') },
      { key: 'features', property: 'fuse', kind: 'switch', label: () => 'FUSE', absent: '0', hint: () => i18n._('File systems in user space') },
      ...MORE_FEATURES.filter(({ property }) => settable('features', property, 'lxc')),
    ],
    note: () => i18n._('All but nesting is for root@pam alone: it weakens what separates the container from the node.'),
  },
  plain({ key: 'timezone', kind: 'text', label: () => i18n._('Time zone'), placeholder: 'Europe/Vienna', hint: () => i18n._('“host” for that of the node') }, OPTIONS, IconWorldPin, () => i18n._('that of the template')),
  plain({ key: 'entrypoint', kind: 'text', label: () => i18n._('First program'), placeholder: '/sbin/init' }, OPTIONS, IconCode, () => '/sbin/init'),
  {
    id: 'env', label: () => i18n._('Environment'), icon: IconVariable, keys: ['env'], needs: settable('env', undefined, 'lxc') ? OPTIONS : undefined, onlySet: !settable('env', undefined, 'lxc'),
    text: (get) => environmentLines(get('env') ?? '').split('\n').join(', ') || i18n._('none'),
    editor: (props) => createElement(EnvironmentDialog, props),
  },
  plain({ key: 'hookscript', kind: 'text', label: () => i18n._('Hookscript'), placeholder: 'local:snippets/hook.sh', hint: () => i18n._('A volume with content “snippets”, run before and after start and stop') }, 'root@pam', IconFishHook, () => i18n._('none')),
  flag('debug', () => i18n._('Log more'), OPTIONS, IconBox),
]
