import { Alert, Button, Checkbox, Code, CopyButton, Group, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { IconCheck, IconCopy, IconPencil, IconPlus, IconRefresh, IconShieldCheck, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call } from '../../api/call'
import { useApi, useMay } from '../../api/hooks'
import { useSession } from '../../api/session'
import { i18n } from '../../i18n'
import { confirm } from '../../ui/confirm'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { Form } from '../../ui/Form'
import { openPermissions } from './EffectivePermissions'
import { dayOf, expiryName, startOf } from './expiry'
import { UserSelect } from './fields'
import { ManagedTable, type Action } from './ManagedTable'
import { isTokenName } from './names'
import { useReload } from './reload'

interface Token {
  userid: string
  tokenid: string
  expire: number
  privsep: 0 | 1
  comment?: string
}

const nameOf = (token: Pick<Token, 'userid' | 'tokenid'>) => `${token.userid}!${token.tokenid}`

/** API tokens: of all users, or of one (`userid`), as the user's own menu shows them. */
export function Tokens({ userid }: { userid?: string }) {
  const users = useApi('/access/users', { full: 1 })
  const reload = useReload()
  const self = useSession((state) => state.session?.username) ?? ''
  const may = useMay('/access/groups')('User.Modify')
  const columns = useMemo(() => columnsFor(), [])
  const data = useMemo(
    () =>
      users.data
        ?.filter((user) => userid === undefined || user.userid === userid)
        .flatMap((user) => (user.tokens ?? []).map((token): Token => ({ ...token, userid: user.userid }))),
    [users.data, userid],
  )
  const reloaded = () => reload('/access')
  const foreign = (token: Token) => !may && token.userid !== self && i18n._('This needs the privilege User.Modify')
  const actions: Action<Token>[] = [
    {
      label: i18n._('Add'),
      icon: IconPlus,
      all: () => openDialog(i18n._('Add API token'), (close) => <Add userid={userid ?? self} fixed={userid !== undefined || !may} made={reloaded} done={close} />),
    },
    {
      label: i18n._('Edit'),
      icon: IconPencil,
      main: true,
      why: foreign,
      one: (token) => openDialog(i18n._('API token {token}', { token: nameOf(token) }), (close) => <Edit token={token} changed={reloaded} done={close} />),
    },
    { label: i18n._('Regenerate secret'), icon: IconRefresh, why: foreign, one: (token) => regenerate(token) },
    { label: i18n._('Permissions'), icon: IconShieldCheck, one: (token) => openPermissions(nameOf(token)) },
    {
      label: i18n._('Remove'),
      icon: IconTrash,
      danger: true,
      why: foreign,
      one: (token) =>
        confirm({
          title: i18n._('Remove API token {token}', { token: nameOf(token) }),
          text: i18n._('Whatever uses it is refused from then on; its permissions go with it.'),
          action: i18n._('Remove'),
          run: async () => {
            await call('delete', '/access/users/{userid}/token/{tokenid}', { userid: token.userid, tokenid: token.tokenid })
            await reloaded()
          },
        }),
    },
  ]
  return (
    <ManagedTable
      label={i18n._('API tokens')}
      query={{ ...users, data }}
      columns={columns}
      id={nameOf}
      actions={actions}
      sort={[{ id: 'userid', desc: false }]}
      height={userid === undefined ? undefined : 300}
    />
  )
}

function columnsFor(): Column<Token>[] {
  return [
    { id: 'userid', header: i18n._('User'), accessorFn: (token) => token.userid },
    { id: 'tokenid', header: i18n._('Token name'), accessorFn: (token) => token.tokenid },
    { id: 'privsep', header: i18n._('Privilege separation'), accessorFn: (token) => (token.privsep ? i18n._('Yes') : i18n._('No')), width: 175 },
    { id: 'expire', header: i18n._('Expires'), accessorFn: (token) => token.expire || Number.MAX_SAFE_INTEGER, cell: ({ row }) => expiryName(row.original.expire), width: 170 },
    { id: 'comment', header: i18n._('Comment'), accessorFn: (token) => token.comment ?? '' },
  ]
}

function regenerate(token: Token) {
  confirm({
    title: i18n._('Regenerate the secret of {token}', { token: nameOf(token) }),
    text: i18n._('The secret of now is worth nothing from then on.'),
    action: i18n._('Regenerate'),
    run: async () => {
      const answer = await call('put', '/access/users/{userid}/token/{tokenid}', { userid: token.userid, tokenid: token.tokenid, regenerate: 1 })
      if (answer.value) showSecret(nameOf(token), answer.value)
    },
  })
}

/** Shows a secret that is shown nowhere else. */
export function showSecret(token: string, secret: string): void {
  openDialog(i18n._('Secret of {token}', { token }), (close) => <Secret token={token} secret={secret} done={close} />)
}

function Secret({ token, secret, done }: { token: string; secret: string; done: () => void }) {
  return (
    <Stack gap="sm">
      <Alert color="yellow">{i18n._('Copy it now: it is shown this once and kept nowhere in readable form.')}</Alert>
      <Copied label={i18n._('Token ID')} text={token} />
      <Copied label={i18n._('Secret')} text={secret} />
      <Copied label={i18n._('Header of requests')} text={`Authorization: PVEAPIToken=${token}=${secret}`} />
      <Group justify="flex-end"><Button onClick={done}>{i18n._('I have copied it')}</Button></Group>
    </Stack>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="xs" className="dim">{label}</Text>
      <Group gap="xs" wrap="nowrap" align="start">
        <Code block aria-label={label} style={{ flex: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Code>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}>
              {copied ? i18n._('Copied') : i18n._('Copy')} <span className="visually-hidden">{label}</span>
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  )
}

function Add({ userid, fixed, made, done }: { userid: string; fixed: boolean; made: () => Promise<void>; done: () => void }) {
  return (
    <Form
      initial={{ userid: userid as string | null, tokenid: '', privsep: true, expire: '', comment: '' }}
      validate={(values) => ({
        ...(!values.userid && { userid: i18n._('Choose a user') }),
        ...(!isTokenName(values.tokenid) && { tokenid: i18n._('At least two characters: a letter, then letters, digits, dots, dashes and underscores') }),
      })}
      submit={async (values) => {
        const answer = await call('post', '/access/users/{userid}/token/{tokenid}', {
          userid: values.userid ?? '',
          tokenid: values.tokenid,
          privsep: values.privsep ? 1 : 0,
          comment: values.comment,
          ...(values.expire !== '' && { expire: startOf(values.expire) }),
        })
        void made()
        showSecret(answer['full-tokenid'], answer.value)
      }}
      action={i18n._('Add')}
      done={done}
    >
      {(form) => (
        <>
          {fixed ? <Text size="sm">{i18n._('For {user}', { user: userid })}</Text> : <UserSelect {...form.getInputProps('userid')} />}
          <TextInput label={i18n._('Token name')} data-autofocus autoComplete="off" spellCheck={false} {...form.getInputProps('tokenid')} />
          <TokenFields form={form} isNew />
        </>
      )}
    </Form>
  )
}

function Edit({ token, changed, done }: { token: Token; changed: () => Promise<void>; done: () => void }) {
  const day = dayOf(token.expire)
  return (
    <Form
      initial={{ privsep: token.privsep === 1, expire: day, comment: token.comment ?? '' }}
      submit={async (values) => {
        await call('put', '/access/users/{userid}/token/{tokenid}', {
          userid: token.userid,
          tokenid: token.tokenid,
          privsep: values.privsep ? 1 : 0,
          expire: values.expire === day ? token.expire : startOf(values.expire),
          comment: values.comment,
        })
        await changed()
      }}
      action={i18n._('Save')}
      done={done}
    >
      {(form) => <TokenFields form={form} />}
    </Form>
  )
}

// Forms differ in their values; these fields are in both.
function TokenFields({ form, isNew = false }: { isNew?: boolean; form: { getInputProps: (name: 'privsep' | 'expire' | 'comment', options?: { type: 'checkbox' }) => object } }) {
  return (
    <>
      <Checkbox
        label={i18n._('Privilege separation')}
        description={i18n._('The token may do only what itself has been given a role for, never more than its user')}
        {...form.getInputProps('privsep', { type: 'checkbox' })}
      />
      <TextInput type="date" label={i18n._('Expires')} description={isNew ? i18n._('Empty: with its user') : i18n._('Empty: never')} {...form.getInputProps('expire')} />
      <Textarea label={i18n._('Comment')} autosize minRows={1} maxRows={5} {...form.getInputProps('comment')} />
    </>
  )
}
