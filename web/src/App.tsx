import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { startEvents } from './api/events'
import { makeQueryClient } from './api/hooks'
import { applyResources, useResources } from './api/resources'
import { keepAlive, useSession } from './api/session'
import { i18n, useLanguage } from './i18n'
import { router } from './routes'
import { theme } from './theme'
import { Login } from './views/login/Login'

const colorScheme = localStorageColorSchemeManager({ key: 'pleiad.theme' })

/** Everything: theme, language, and behind the login the pages with the live stream. */
export function App() {
  const language = useLanguage((state) => state.language)
  return (
    // The theme's variables come as a style sheet; nothing writes style elements.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {/* Another language draws everything anew. */}
      <I18nProvider i18n={i18n} key={language}>
        <Notifications position="bottom-right" limit={4} />
        <Inside />
      </I18nProvider>
    </MantineProvider>
  )
}

function Inside() {
  const session = useSession((state) => state.session)
  const waiting = useSession((state) => state.waiting)
  const user = session?.username ?? waiting
  return (
    <>
      {user && <House key={user} open={Boolean(session)} />}
      {!session && <Login over={waiting} />}
    </>
  )
}

/**
 * What a logged-in user sees. A new user gets new caches: nothing of another's is left. While it is not open its user has
 * to log in again: what he had before him stays as it was, with every dialog and what was typed.
 */
function House({ open }: { open: boolean }) {
  const [queries] = useState(makeQueryClient)
  useEffect(() => {
    if (!open) return
    const endEvents = startEvents(queries)
    const endRenewal = keepAlive()
    return () => {
      endEvents()
      endRenewal()
    }
  }, [queries, open])
  useEffect(
    () => () => {
      queries.clear()
      applyResources([], [...useResources.getState().rows.keys()])
      useResources.setState({ loaded: false, error: null })
    },
    [queries],
  )
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
