// Who is logged in. The ticket itself is in a cookie that no script can read; the page knows the user, what he may do
// anywhere, and the token that changes need.
import { create } from 'zustand'
import { ApiError, call, request, setCredentials } from './call'

interface Session {
  username: string
  /** Privileges by area: `cap.vms['VM.PowerMgmt']`. What may be offered; the API decides what is allowed. */
  cap: Record<string, Record<string, number>>
}

interface State {
  /** `undefined` while it is not known whether there is a session. */
  session: Session | null | undefined
  /** Why the last session ended, if it ended by itself. */
  ended: boolean
}

export const useSession = create<State>(() => ({ session: undefined, ended: false }))

/** Tickets are good for two hours; renewed long before. */
const RENEW_EVERY_MS = 15 * 60_000

interface Reply {
  username: string
  CSRFPreventionToken: string
  cap: Session['cap']
}

function begin(reply: Reply) {
  setCredentials(reply.CSRFPreventionToken, () => {
    if (useSession.getState().session) useSession.setState({ session: null, ended: true })
  })
  const { session } = useSession.getState()
  // The same user with the same rights is the same session: nothing is drawn again.
  if (JSON.stringify(session) !== JSON.stringify({ username: reply.username, cap: reply.cap }))
    useSession.setState({ session: { username: reply.username, cap: reply.cap }, ended: false })
}

/** Takes up the session of the cookie, if there is one, and renews its ticket. */
export async function resume(): Promise<void> {
  try {
    begin((await request('get', '/pleiad/session', {})) as Reply)
  } catch (error) {
    const lost = error instanceof ApiError && error.status === 401
    if (lost || useSession.getState().session === undefined) useSession.setState({ session: null })
  }
}

/** Logs in. Throws `ApiError` when the user is not let in. */
export async function login(username: string, realm: string, password: string): Promise<void> {
  begin((await call('post', '/access/ticket', { username, realm, password })) as unknown as Reply)
}

/**
 * Ends this session. Throws when the node was not reached: only the node can take the cookie away, and a page that
 * merely looks logged out would let the next one in.
 */
export async function logout(): Promise<void> {
  try {
    await request('delete', '/pleiad/session', {})
  } catch (error) {
    // It has ended already.
    if (!(error instanceof ApiError && error.status === 401)) throw error
  }
  useSession.setState({ session: null, ended: false })
}

/** Renews the ticket from time to time, and when the page is looked at again. */
export function keepAlive(): () => void {
  const renew = () => {
    if (useSession.getState().session && !document.hidden) void resume()
  }
  const timer = setInterval(renew, RENEW_EVERY_MS)
  document.addEventListener('visibilitychange', renew)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', renew)
  }
}
