// Sets the password of a user in a VM by its agent.
import { PasswordInput, TextInput } from '@mantine/core'
import { request } from '../../../api/call'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import { done } from '../../../ui/notify'
import { agentPath } from './useAgent'

const SHORTEST = 5

export function PasswordInGuest({ guest, windows, close }: { guest: Guest; windows: boolean; close: () => void }) {
  return (
    <Form
      initial={{ username: windows ? 'Administrator' : 'root', password: '', again: '' }}
      action={i18n._('Set password')}
      validate={({ username, password, again }) => ({
        ...(username.trim() === '' ? { username: i18n._('A value is needed') } : {}),
        ...(password.length < SHORTEST ? { password: i18n._('At least {n} characters', { n: SHORTEST }) } : {}),
        ...(password !== again ? { again: i18n._('This is not the same') } : {}),
      })}
      submit={async ({ username, password }) => {
        await request('post', agentPath(guest, 'set-user-password'), { username, password })
        done(i18n._('The password of {user} was set', { user: username }))
      }}
      done={close}
    >
      {(form) => (
        <>
          <TextInput label={i18n._('User in the guest')} autoComplete="off" spellCheck={false} {...form.getInputProps('username')} />
          <PasswordInput label={i18n._('New password')} autoComplete="new-password" required {...form.getInputProps('password')} />
          <PasswordInput label={i18n._('New password again')} autoComplete="new-password" required {...form.getInputProps('again')} />
        </>
      )}
    </Form>
  )
}
