// Who is here, and what he may set for himself.
import { Button, Kbd, Menu, PasswordInput, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { IconChevronDown, IconKey, IconKeyboard, IconLock, IconLogout, IconPlugConnectedX, IconUserCircle } from '@tabler/icons-react'
import { Fragment } from 'react'
import { call, request } from '../api/call'
import { useApi } from '../api/hooks'
import { logout, useSession } from '../api/session'
import { i18n, LANGUAGES, setLanguage, useLanguage, type Language } from '../i18n'
import { confirm } from '../ui/confirm'
import { openDialog } from '../ui/dialogs'
import { Form } from '../ui/Form'
import { attempt, done } from '../ui/notify'
import { SCHEMES, schemeName } from './settings'
import classes from './UserMenu.module.css'

export function UserMenu() {
  const user = useSession((state) => state.session?.username) ?? ''
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const language = useLanguage((state) => state.language)
  const navigate = useNavigate()
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button className={classes.button} leftSection={<IconUserCircle size={18} stroke={1.6} />} rightSection={<IconChevronDown size={13} />} aria-label={i18n._('Menu of {user}', { user })}>
          <span className={classes.user}>{user}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Label className={classes.who}>{user}</Menu.Label>
        <Menu.Item leftSection={<IconLock size={15} />} onClick={() => changePassword(user)}>{i18n._('Change password')}</Menu.Item>
        <Menu.Item leftSection={<IconKey size={15} />} onClick={() => void navigate({ to: '/dc/$tab', params: { tab: 'tokens' } })}>{i18n._('API Tokens')}</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={keyboardHelp}>{i18n._('Keyboard')}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{i18n._('Theme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {SCHEMES.map((scheme) => <Menu.RadioItem key={scheme} value={scheme}>{schemeName(scheme)}</Menu.RadioItem>)}
        </Menu.RadioGroup>
        <Menu.Label>{i18n._('Language')}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(id) => void setLanguage(id as Language, true)}>
          {Object.entries(LANGUAGES).map(([id, name]) => <Menu.RadioItem key={id} value={id} lang={id}>{name}</Menu.RadioItem>)}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void attempt(i18n._('Log out'), logout)}>{i18n._('Log out')}</Menu.Item>
        <Menu.Item leftSection={<IconPlugConnectedX size={15} />} onClick={logOutEverywhere}>{i18n._('Log out everywhere')}</Menu.Item>
        <Version />
      </Menu.Dropdown>
    </Menu>
  )
}

function Version() {
  const { data } = useApi('/version', {})
  return <p className={classes.version}>{data ? i18n._('Pleiad, with the interface of PVE {version}', { version: data.version }) : '…'}</p>
}

function logOutEverywhere() {
  confirm({
    title: i18n._('Log out everywhere'),
    text: i18n._('All your sessions end, in every browser and on every device, this one too. API tokens stay good.'),
    action: i18n._('Log out everywhere'),
    run: async () => {
      await request('delete', '/pleiad/sessions', {})
      await logout()
    },
  })
}

function changePassword(user: string) {
  openDialog(i18n._('Change password'), (close) => (
    <Form
      initial={{ old: '', password: '', again: '' }}
      action={i18n._('Change')}
      fieldOf={(parameter) => (parameter === 'confirmation-password' ? 'old' : parameter)}
      validate={({ old, password, again }) => ({
        ...(old === '' ? { old: i18n._('Type the password that you have now') } : {}),
        ...(password === '' ? { password: i18n._('Type a new password') } : {}),
        ...(password !== again ? { again: i18n._('This is not the same') } : {}),
      })}
      submit={async ({ old, password }) => {
        await call('put', '/access/password', { userid: user, password, 'confirmation-password': old })
        done(i18n._('The password was changed'))
      }}
      done={close}
    >
      {(form) => (
        <>
          {/* Tells managers of passwords whose it is. */}
          <input type="text" name="username" autoComplete="username" value={user} readOnly hidden />
          <PasswordInput label={i18n._('Present password')} autoComplete="current-password" required data-autofocus {...form.getInputProps('old')} />
          <PasswordInput label={i18n._('New password')} autoComplete="new-password" required {...form.getInputProps('password')} />
          <PasswordInput label={i18n._('New password again')} autoComplete="new-password" required {...form.getInputProps('again')} />
        </>
      )}
    </Form>
  ), 'sm')
}

function keyboardHelp() {
  openDialog(i18n._('Keyboard'), () => <Keys />, 'md')
}

function Keys() {
  const mac = /Mac|iPhone|iPad/.test(navigator.platform)
  const groups: [string, [string[], string][]][] = [
    [i18n._('Everywhere'), [
      [[mac ? '⌘' : 'Ctrl', 'K'], i18n._('Search, and say what to do')],
      [['Esc'], i18n._('Close what is open')],
      [['Tab'], i18n._('To the next part of the page')],
    ]],
    [i18n._('In the tree'), [
      [['↑', '↓'], i18n._('To the next line')],
      [['←', '→'], i18n._('Close and open a branch')],
      [['Home', 'End'], i18n._('To the first and the last line')],
      [['A', '…'], i18n._('To what begins with these letters')],
      [['Enter'], i18n._('Show it')],
      [['Shift', 'F10'], i18n._('What can be done with it')],
    ]],
    [i18n._('In tables'), [
      [['↑', '↓'], i18n._('To the next row')],
      [['Space'], i18n._('Choose the row')],
      [['Enter'], i18n._('Open the row')],
    ]],
  ]
  return (
    <dl className={classes.keys}>
      {groups.map(([name, keys]) => (
        <Fragment key={name}>
          <dt className={classes.group}>{name}</dt>
          {keys.map(([combination, what]) => (
            <dd key={what} className={classes.key}>
              <span>{combination.map((key) => <Kbd key={key} size="sm">{key}</Kbd>)}</span> {what}
            </dd>
          ))}
        </Fragment>
      ))}
    </dl>
  )
}
