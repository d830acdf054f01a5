// What cloud-init tells a VM when it starts: who may log in, which addresses it has. The VM reads it from an image on a
// drive of its own; until that is made anew, a change is not in it.
import { Alert, Button } from '@mantine/core'
import { IconAt, IconCloud, IconCode, IconEye, IconFile, IconKey, IconLock, IconNetwork, IconPackage, IconRefresh, IconUser, IconWorld, IconWorldSearch } from '@tabler/icons-react'
import { request } from '../../../api/call'
import { offers, settable } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { ActButton } from '../../../ui/ActButton'
import { openDialog } from '../../../ui/dialogs'
import { attempt } from '../../../ui/notify'
import { Loaded } from '../../../ui/parts'
import { useReload } from '../../datacenter/reload'
import { ConfigTable, type ConfigRow } from '../config/ConfigTable'
import { useMayChange, type CustomDefinition } from '../config/DefinitionTable'
import { SettingsForm } from '../config/fields'
import { act, isOn, lacks, rowOf, yesNo } from '../config/rows'
import { family, nextOf } from '../config/settings'
import { guestPath, useChangeSettings, useSettings, type Change, type Seen } from '../config/useSettings'
import { drives, isCloudInit } from '../hardware/drives'
import { AddCloudInit } from '../hardware/FirmwareDialogs'
import { AddressDialog, DumpDialog, KeysDialog, PasswordDialog } from './dialogs'
import { keyNames, readIpConfig } from './ipconfig'
import { UserData } from './UserData'
import classes from './cloudinit.module.css'

const NEEDS = 'VM.Config.Cloudinit'

export function CloudInit({ guest }: { guest: Guest }) {
  const query = useSettings(guest, 'cloudinit')
  const hardware = useSettings(guest)
  const change = useChangeSettings(guest)
  return (
    <Loaded query={hardware} lines={10}>
      {(machine) => <Loaded query={query} lines={10}>{(seen) => <Table guest={guest} seen={withNetworks(seen, machine)} machine={machine} change={change} />}</Loaded>}
    </Loaded>
  )
}

/** Each network card has a line, also one that nothing is set for. */
const withNetworks = (seen: Seen, machine: Seen): Seen & { cards: string[] } => ({
  ...seen,
  cards: [...new Set([...family(machine.settings, 'net').map((key) => key.slice(3)), ...family(seen.settings, 'ipconfig').map((key) => key.slice(8))])],
})

function Table({ guest, seen, machine, change }: { guest: Guest; seen: Seen & { cards: string[] }; machine: Seen; change: Change }) {
  const may = useMayChange(guest)
  const reload = useReload()
  // Either privilege is enough, as for network cards.
  const why = may('VM.Config.Network') ? false : lacks(may, NEEDS)
  const drive = drives(machine.settings).find((key) => isCloudInit(machine.settings.get(key)?.next))
  const regenerate = () => void attempt(i18n._('Regenerate image'), async () => {
    await request('put', `${guestPath(guest)}/cloudinit`, {})
    await reload(guestPath(guest))
  })
  const rows = [...DEFINITIONS.filter(({ keys }) => keys.every((key) => settable(key))), ...seen.cards.map(card)].map((definition): ConfigRow => ({
    ...rowOf(definition, seen.settings),
    edit: definition.needs ? act(i18n._('Edit'), undefined, () => edit(definition, seen, change), definition.needs === NEEDS ? why : lacks(may, definition.needs)) : undefined,
  }))
  const waits = rows.some((row) => row.waits.length > 0)
  return (
    <div className={classes.view}>
      {!drive && (
        <Alert icon={<IconCloud size={16} />} className={classes.note}>
          {i18n._('This VM has no CloudInit drive: what is set here reaches it only with one.')}{' '}
          {!lacks(may, 'VM.Config.Disk') && <Button variant="light" onClick={() => openDialog(i18n._('Add: {what}', { what: i18n._('CloudInit Drive') }), (close) => <AddCloudInit guest={guest} seen={machine} change={change} close={close} />)}>{i18n._('Add CloudInit drive')}</Button>}
        </Alert>
      )}
      <ConfigTable
        label={i18n._('Cloud-Init')}
        rows={rows}
        waitsFor="image"
        tools={
          <>
            {offers('put /nodes/{node}/qemu/{vmid}/cloudinit') && (
              <ActButton icon={IconRefresh} onClick={regenerate} why={!drive ? i18n._('The VM has no CloudInit drive') : why || (!waits && i18n._('The image is current'))}>{i18n._('Regenerate image')}</ActButton>
            )}
            {offers('put /pleiad/nodes/{node}/qemu/{vmid}/user-data') && (
              <ActButton icon={IconCode} onClick={() => openDialog(i18n._('User data of {name}', { name: guest.name ?? guest.vmid }), (close) => <UserData guest={guest} close={close} />, 'xl')} why={lacks(may, NEEDS)}>{i18n._('User data')}</ActButton>
            )}
            {offers('get /nodes/{node}/qemu/{vmid}/cloudinit/dump') && (
              <ActButton icon={IconEye} onClick={() => openDialog(i18n._('What cloud-init reads'), () => <DumpDialog guest={guest} />, 'xl')}>{i18n._('Preview')}</ActButton>
            )}
          </>
        }
      />
    </div>
  )
}

function edit(definition: CustomDefinition, seen: Seen, change: Change) {
  const get = nextOf(seen.settings)
  openDialog(i18n._('Edit: {what}', { what: definition.label() }), (close) =>
    definition.editor?.({ seen, change, close }) ?? (
      <SettingsForm fields={definition.fields?.(get) ?? []} get={get} change={(parameters) => change(parameters, seen.digest)} close={close} note={definition.note?.()} />
    ))
}

const HOST = () => i18n._("the node's")

const DEFINITIONS: readonly CustomDefinition[] = [
  {
    id: 'ciuser', label: () => i18n._('User'), icon: IconUser, keys: ['ciuser'], needs: NEEDS, text: (get) => get('ciuser') ?? i18n._("the image's own"),
    fields: () => [{ key: 'ciuser', kind: 'text', label: () => i18n._('User'), placeholder: () => i18n._("the image's own") }],
  },
  {
    id: 'cipassword', label: () => i18n._('Password'), icon: IconLock, keys: ['cipassword'], needs: NEEDS, text: (get) => (get('cipassword') === undefined ? i18n._('none') : '••••••••'),
    editor: (props) => <PasswordDialog {...props} />,
  },
  {
    id: 'searchdomain', label: () => i18n._('DNS domain'), icon: IconWorldSearch, keys: ['searchdomain'], needs: NEEDS, text: (get) => get('searchdomain') ?? HOST(),
    fields: () => [{ key: 'searchdomain', kind: 'text', label: () => i18n._('DNS domain'), placeholder: HOST }],
  },
  {
    id: 'nameserver', label: () => i18n._('DNS servers'), icon: IconWorld, keys: ['nameserver'], needs: NEEDS, text: (get) => get('nameserver') ?? HOST(),
    fields: () => [{ key: 'nameserver', kind: 'list', separator: ' ', label: () => i18n._('DNS servers'), placeholder: HOST }],
  },
  {
    id: 'sshkeys', label: () => i18n._('SSH public keys'), icon: IconKey, keys: ['sshkeys'], needs: NEEDS,
    text: (get) => keyNames(get('sshkeys') ?? '').join(', ') || i18n._('none'),
    editor: (props) => <KeysDialog {...props} />,
  },
  {
    id: 'ciupgrade', label: () => i18n._('Upgrade packages'), icon: IconPackage, keys: ['ciupgrade'], needs: NEEDS, text: (get) => yesNo(isOn(get, 'ciupgrade', true)),
    fields: () => [{ key: 'ciupgrade', kind: 'switch', label: () => i18n._('Upgrade packages'), absent: '1', hint: () => i18n._('At the first start') }],
  },
  {
    id: 'citype', label: () => i18n._('Format'), icon: IconFile, keys: ['citype'], needs: NEEDS, text: (get) => FORMATS()[get('citype') ?? ''] ?? get('citype'),
    fields: () => [{ key: 'citype', kind: 'select', label: () => i18n._('Format'), absent: '', choices: () => Object.entries(FORMATS()).map(([value, label]) => ({ value, label })) }],
  },
  {
    id: 'cicustom', label: () => i18n._('Own files (snippets)'), icon: IconCloud, keys: ['cicustom'], needs: NEEDS, text: (get) => get('cicustom')?.split(',').join(', ') ?? i18n._('none'),
    fields: () => (['user', 'network', 'meta', 'vendor'] as const).map((property) => ({
      key: 'cicustom', property, kind: 'text', label: () => PARTS()[property], placeholder: 'local:snippets/user.yaml', hint: () => i18n._('Instead of what is set here'),
    })),
    note: () => i18n._('Volumes with content “snippets”. A file takes the place of all that is set here for its part.'),
  },
]

const FORMATS = (): Record<string, string> => ({ '': i18n._('Default (by the OS type)'), nocloud: 'NoCloud', configdrive2: 'ConfigDrive', opennebula: 'OpenNebula' })
const PARTS = () => ({ user: i18n._('User data'), network: i18n._('Network'), meta: i18n._('Metadata'), vendor: i18n._('Vendor data') })

const card = (n: string): CustomDefinition => ({
  id: `ipconfig${n}`,
  label: () => i18n._('IP Config (net{n})', { n }),
  icon: n === '0' ? IconNetwork : IconAt,
  keys: [`ipconfig${n}`],
  needs: NEEDS,
  text: (get) => {
    const { mode4, ip, gw, mode6, ip6, gw6 } = readIpConfig(get(`ipconfig${n}`))
    const part = (name: string, mode: string, address: string, gateway: string) =>
      mode === 'none' ? [] : [`${name}: ${mode === 'static' ? (gateway ? i18n._('{address} by {gateway}', { address, gateway }) : address) : mode === 'auto' ? 'SLAAC' : 'DHCP'}`]
    return [...part('IPv4', mode4, ip, gw), ...part('IPv6', mode6, ip6, gw6)].join(', ') || i18n._('DHCP (nothing set)')
  },
  editor: (props) => <AddressDialog {...props} card={n} />,
})
