// Options of a container.
import { IconBox, IconCode, IconCpu, IconDeviceDesktop, IconLock, IconPuzzle, IconTerminal, IconTerminal2, IconWorldPin, IconBrandTabler } from '@tabler/icons-react'
import { i18n } from '../../../i18n'
import { parseProperties } from '../../../lib/property'
import type { CustomDefinition } from '../config/DefinitionTable'
import { isOn, yesNo } from '../config/rows'
import { flag, onboot, plain, protection, startup } from './common'

const OPTIONS = 'VM.Config.Options'

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
    ],
    note: () => i18n._('All but nesting is for root@pam alone: it weakens what separates the container from the node.'),
  },
  plain({ key: 'timezone', kind: 'text', label: () => i18n._('Time zone'), placeholder: 'Europe/Vienna', hint: () => i18n._('“host” for that of the node') }, OPTIONS, IconWorldPin, () => i18n._('that of the template')),
  plain({ key: 'entrypoint', kind: 'text', label: () => i18n._('First program'), placeholder: '/sbin/init' }, OPTIONS, IconCode, () => '/sbin/init'),
  flag('debug', () => i18n._('Log more'), OPTIONS, IconBox),
]
