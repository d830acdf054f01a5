import { Alert, Button, Paper, PasswordInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { call, type Row } from '../../api/call'
import { login, useSession } from '../../api/session'
import { i18n } from '../../i18n'
import classes from './Login.module.css'

const REALM = 'pleiad.realm'

/** The first page: who are you? */
export function Login() {
  const ended = useSession((state) => state.ended)
  const [realms, setRealms] = useState<Row<'/access/domains'>[]>([])
  const [realm, setRealm] = useState(localStorage.getItem(REALM) ?? 'pam')
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    call('get', '/access/domains', {}).then(setRealms, () => undefined)
  }, [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    const [name, given] = user.includes('@') ? [user.slice(0, user.lastIndexOf('@')), user.slice(user.lastIndexOf('@') + 1)] : [user, realm]
    try {
      await login(name, given, password)
      localStorage.setItem(REALM, given)
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure))
      setPassword('')
    } finally {
      setBusy(false)
    }
  }
  const choices = realms.length > 0 ? realms.map((one) => ({ value: one.realm, label: one.comment || one.realm })) : [{ value: realm, label: realm }]
  return (
    <main className={classes.page}>
      <Paper component="form" onSubmit={submit} shadow="md" p="lg" className={classes.card} withBorder>
        <Stack gap="sm">
          <Title order={1} size="h3">
            <img src="/icon.svg" alt="" width={28} height={28} className={classes.icon} /> Pleiad
          </Title>
          {ended && !error && <Alert color="yellow">{i18n._('Your session has ended. Log in again to go on where you were.')}</Alert>}
          {error && <Alert color="red" role="alert">{error}</Alert>}
          <TextInput size="sm" label={i18n._('User name')} name="username" autoComplete="username" autoFocus required value={user} onChange={(event) => setUser(event.currentTarget.value)} />
          <PasswordInput size="sm" label={i18n._('Password')} name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Select size="sm" label={i18n._('Realm')} data={choices} value={realm} allowDeselect={false} onChange={(value) => value && setRealm(value)} disabled={user.includes('@')} />
          <Button type="submit" size="sm" loading={busy}>{i18n._('Log in')}</Button>
        </Stack>
      </Paper>
    </main>
  )
}
