import { Button } from '@mantine/core'
import { logout } from '../api/session'
import { i18n } from '../i18n'

/** Who is here, and what he may set for himself. */
export const UserMenu = () => <Button onClick={() => void logout()}>{i18n._('Log out')}</Button>
