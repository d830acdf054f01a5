import { PasswordInput, SegmentedControl, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { Loaded } from '../../../ui/parts'
import type { EditorProps } from '../config/DefinitionTable'
import { Fields, type Field } from '../config/fields'
import { guestPath } from '../config/useSettings'
import { decodeKeys, encodeKeys, ipConfigProblems, printIpConfig, readIpConfig, type IpConfig } from './ipconfig'
import classes from './cloudinit.module.css'

/** The password that cloud-init sets. It is never shown again. */
export function PasswordDialog({ seen, change, close }: EditorProps) {
  return (
    <Form<{ password: string }>
      initial={{ password: '' }}
      submit={({ password }) => (password === '' && seen.settings.get('cipassword')?.next === undefined ? Promise.resolve() : change(password === '' ? { delete: 'cipassword' } : { cipassword: password }, seen.digest))}
      fieldOf={() => 'password'}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <PasswordInput label={i18n._('Password')} description={i18n._('Kept as a hash only; leave it empty for none')} autoComplete="new-password" data-autofocus {...form.getInputProps('password')} />}
    </Form>
  )
}

/** Keys with which one may log in, one a line. */
export function KeysDialog({ seen, change, close }: EditorProps) {
  const before = decodeKeys(seen.settings.get('sshkeys')?.next ?? '')
  return (
    <Form<{ keys: string }>
      initial={{ keys: before }}
      validate={({ keys }) => (keys.split('\n').every((line) => /^\s*(#.*)?$|^\s*(\S+\s+)?(ssh-|ecdsa-|sk-)\S+\s+\S+/.test(line)) ? {} : { keys: i18n._('One public key a line, such as “ssh-ed25519 AAAA… me@home”') })}
      submit={async ({ keys }) => {
        if (keys.trim() === before.trim()) return
        await change(keys.trim() === '' ? { delete: 'sshkeys' } : { sshkeys: encodeKeys(keys) }, seen.digest)
      }}
      fieldOf={() => 'keys'}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <Textarea label={i18n._('SSH public keys')} description={i18n._('One a line')} autosize minRows={4} maxRows={14} data-autofocus spellCheck={false} {...form.getInputProps('keys')} />}
    </Form>
  )
}

const NONE = () => ({ value: 'none', label: i18n._('None') })
const STATIC = () => ({ value: 'static', label: i18n._('Static') })
const DHCP = { value: 'dhcp', label: 'DHCP' }

const ADDRESS: readonly Field[] = [
  { key: 'mode4', kind: 'select', label: () => 'IPv4', choices: () => [NONE(), DHCP, STATIC()] },
  { key: 'ip', kind: 'text', label: () => i18n._('IPv4 address'), placeholder: '192.0.2.10/24', required: true, when: ({ mode4 }) => mode4 === 'static' },
  { key: 'gw', kind: 'text', label: () => i18n._('IPv4 gateway'), placeholder: '192.0.2.1', when: ({ mode4 }) => mode4 === 'static' },
  { key: 'mode6', kind: 'select', label: () => 'IPv6', choices: () => [NONE(), DHCP, { value: 'auto', label: 'SLAAC' }, STATIC()] },
  { key: 'ip6', kind: 'text', label: () => i18n._('IPv6 address'), placeholder: '2001:db8::10/64', required: true, when: ({ mode6 }) => mode6 === 'static' },
  { key: 'gw6', kind: 'text', label: () => i18n._('IPv6 gateway'), placeholder: '2001:db8::1', when: ({ mode6 }) => mode6 === 'static' },
]

/** Addresses of a network card. */
export function AddressDialog({ seen, change, close, card }: EditorProps & { card: string }) {
  const key = `ipconfig${card}`
  const before = seen.settings.get(key)?.next
  return (
    <Form<IpConfig>
      initial={readIpConfig(before)}
      validate={ipConfigProblems}
      submit={async (values) => {
        const next = printIpConfig(values)
        if (next !== (before ?? '')) await change(next === '' ? { delete: key } : { [key]: next }, seen.digest)
      }}
      fieldOf={() => 'ip'}
      done={close}
      action={i18n._('OK')}
    >
      {(form) => <Fields fields={ADDRESS} form={form as never} />}
    </Form>
  )
}

/** The files that the image holds, or will. */
export function DumpDialog({ guest }: { guest: Guest }) {
  const [type, setType] = useState('user')
  const query = useApiAt<string>(`${guestPath(guest)}/cloudinit/dump`, { type }, { staleTime: 0 })
  return (
    <Stack gap="sm">
      <SegmentedControl aria-label={i18n._('Part')} value={type} onChange={setType} data={[{ value: 'user', label: i18n._('User data') }, { value: 'network', label: i18n._('Network') }, { value: 'meta', label: i18n._('Metadata') }]} />
      <Loaded query={query} lines={8}>{(text) => <pre className={classes.dump} tabIndex={0}>{text}</pre>}</Loaded>
    </Stack>
  )
}
