// What a node can be asked that helps to fill in the form of a new storage.

export interface Question {
  what: 'lvm' | 'lvmthin' | 'nfs' | 'cifs' | 'zfs' | 'iscsi'
  parameters: Readonly<Record<string, string>>
}

type Own = Readonly<Record<string, string>>

/** Settings that can be looked up. */
const LOOKED_UP: Readonly<Record<string, readonly string[]>> = {
  lvm: ['vgname'],
  lvmthin: ['vgname', 'thinpool'],
  nfs: ['export'],
  cifs: ['share'],
  zfspool: ['pool'],
  iscsi: ['target'],
}

export const canLookUp = (type: string, setting: string) => LOOKED_UP[type]?.includes(setting) ?? false

/** The question whose answers are good values of a setting; nothing while what it needs is not filled in. */
export function question(type: string, setting: string, own: Own): Question | null {
  const given = (name: string) => own[name]?.trim() ?? ''
  const some = (...names: string[]) => Object.fromEntries(names.filter((name) => given(name) !== '').map((name) => [name, given(name)]))
  switch (`${type} ${setting}`) {
    case 'lvm vgname':
    case 'lvmthin vgname': return { what: 'lvm', parameters: {} }
    case 'lvmthin thinpool': return given('vgname') === '' ? null : { what: 'lvmthin', parameters: { vg: given('vgname') } }
    case 'nfs export': return given('server') === '' ? null : { what: 'nfs', parameters: some('server') }
    case 'cifs share': return given('server') === '' ? null : { what: 'cifs', parameters: some('server', 'username', 'password', 'domain') }
    case 'zfspool pool': return { what: 'zfs', parameters: {} }
    case 'iscsi target': return given('portal') === '' ? null : { what: 'iscsi', parameters: some('portal') }
    default: return null
  }
}

const NAMES: Readonly<Record<Question['what'], string>> = { lvm: 'vg', lvmthin: 'lv', nfs: 'path', cifs: 'share', zfs: 'pool', iscsi: 'target' }

/** The values in the answers. */
export const found = (what: Question['what'], answers: readonly Readonly<Record<string, unknown>>[]): string[] =>
  answers.map((answer) => answer[NAMES[what]]).filter((value): value is string => typeof value === 'string')
