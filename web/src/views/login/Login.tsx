import { Alert, Button, Paper, PasswordInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { call, type Row } from '../../api/call'
import { forget, login, resume, useSession } from '../../api/session'
import { i18n } from '../../i18n'
import classes from './Login.module.css'

const REALM = 'pleiad.realm'

/** The first page: who are you? Over the page of a user whose session expired it asks for him only. */
export function Login({ over }: { over: string | null }) {
  // Who logs in in one tab is let into the others as soon as they are looked at.
  useEffect(() => {
    const look = () => {
      const { ending } = useSession.getState()
      if (!document.hidden && ending !== null && ending !== 'left') void resume()
    }
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  if (over === null) return <main className={classes.page}><LoginForm user="" /></main>
  return <Cover><LoginForm key={over} user={over} again /></Cover>
}

/** Lies over all that is open, dialogs too; nothing below it can be seen or reached. */
function Cover({ children }: { children: ReactNode }) {
  const cover = useRef<HTMLDialogElement>(null)
  const show = () => {
    if (cover.current && !cover.current.open) cover.current.showModal()
  }
  useEffect(show, [])
  return (
    <dialog ref={cover} className={classes.cover} aria-label={i18n._('Log in again')} onCancel={(event) => event.preventDefault()} onClose={show} {...KEEP_BELOW}>
      {children}
    </dialog>
  )
}

/** Escape closes no dialog that lies below. */
const KEEP_BELOW = { 'data-mantine-stop-propagation': 'true' }

function LoginForm({ user: known, again = false }: { user: string; again?: boolean }) {
  const ending = useSession((state) => state.ending)
  const [realms, setRealms] = useState<Row<'/access/domains'>[]>([])
  const [realm, setRealm] = useState(localStorage.getItem(REALM) ?? 'pam')
  const [user, setUser] = useState(known)
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
    <Paper component="form" onSubmit={submit} shadow="md" p="lg" className={classes.card} withBorder>
      <Stack gap="sm">
        <Title order={1} size="h3">
          <img src="/icon.svg" alt="" width={28} height={28} className={classes.icon} /> Pleiad
        </Title>
        {ending && ending !== 'left' && !error && <Alert color="yellow">{i18n._('Your session has ended. Log in again to go on where you were.')}</Alert>}
        {error && <Alert color="red" role="alert">{error}</Alert>}
        <TextInput size="sm" label={i18n._('User name')} name="username" autoComplete="username" autoFocus={!again} required value={user} onChange={(event) => setUser(event.currentTarget.value)} {...KEEP_BELOW} />
        <PasswordInput size="sm" label={i18n._('Password')} name="password" autoComplete="current-password" autoFocus={again} required value={password} onChange={(event) => setPassword(event.currentTarget.value)} {...KEEP_BELOW} />
        <Select size="sm" label={i18n._('Realm')} data={choices} value={realm} allowDeselect={false} comboboxProps={{ withinPortal: false }} onChange={(value) => value && setRealm(value)} disabled={user.includes('@')} />
        <Button type="submit" size="sm" loading={busy} {...KEEP_BELOW}>{i18n._('Log in')}</Button>
        {again && <Button variant="subtle" size="sm" onClick={forget} {...KEEP_BELOW}>{i18n._('Log in as somebody else')}</Button>}
      </Stack>
    </Paper>
  )
}
