// What a user sets for himself, by name: for the palette and the menu of the user.
import type { MantineColorScheme } from '@mantine/core'
import { i18n } from '../i18n'

export const SCHEMES = ['light', 'dark', 'auto'] as const satisfies readonly MantineColorScheme[]

export function schemeName(scheme: MantineColorScheme): string {
  switch (scheme) {
    case 'light': return i18n._('Light')
    case 'dark': return i18n._('Dark')
    default: return i18n._('As the system')
  }
}
