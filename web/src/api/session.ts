// Who is logged in. The ticket itself is in a cookie that no script can read; the page knows the user, what he may do
// anywhere, and the token that changes need.
import { create } from 'zustand'
import { ApiError, call, request, setCredentials } from './call'

export interface Session {
  username: string
  /** Privileges by area: `cap.vms['VM.PowerMgmt']`. What may be offered; the API decides what is allowed. */
  cap: Record<string, Record<string, number>>
}

/** How a session came to its end: nobody renewed it in time, somebody ended it, or the user left. */
export type Ending = 'expired' | 'ended' | 'left'

interface State {
  /** `undefined` while it is not known whether there is a session. */
  session: Session | null | undefined
  /** How the last session ended, if there was one. */
  ending: Ending | null
  /** Whose session expired: his page waits, covered by the login, for him to come back. */
  waiting: string | null
}

const NOBODY: State = { session: null, ending: null, waiting: null }

export const useSession = create<State>(() => ({ ...NOBODY, session: undefined }))

/** How long a ticket is good. ms */
export const LIFETIME_MS = 2 * 60 * 60_000
/** A ticket of this age is renewed. ms */
export const RENEW_AFTER_MS = 15 * 60_000
/** How often its age is looked at. Timers stand still while a computer sleeps: the clock tells, not their count. ms */
export const LOOK_EVERY_MS = 30_000
/** What may pass between the server's clock and the answer. ms */
const MARGIN_MS = 60_000

/** When the ticket was issued. ms since the epoch */
let issuedAt = 0
let renewing: Promise<void> | null = null

interface Reply {
  username: string
  CSRFPreventionToken: string
  cap: Session['cap']
}

function begin(reply: Reply, asked: number) {
  issuedAt = asked
  setCredentials(reply.CSRFPreventionToken, refused)
  const session = { username: reply.username, cap: reply.cap }
  const before = useSession.getState()
  // The same user with the same rights is the same session: nothing is drawn again.
  if (JSON.stringify(before.session) !== JSON.stringify(session)) useSession.setState({ ...NOBODY, session })
}

/** The server knows the session no more. */
function refused() {
  const { session } = useSession.getState()
  if (!session) return
  // Whoever ended it on purpose wants this page gone; a page that was merely left alone is kept for its user.
  const expired = Date.now() - issuedAt >= LIFETIME_MS - MARGIN_MS
  useSession.setState({ session: null, ending: expired ? 'expired' : 'ended', waiting: expired ? session.username : null })
}

/** Takes up the session of the cookie, if there is one, and renews its ticket. */
export function resume(): Promise<void> {
  renewing ??= renew().finally(() => (renewing = null))
  return renewing
}

async function renew() {
  const asked = Date.now()
  try {
    begin((await request('get', '/pleiad/session', {})) as Reply, asked)
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) refused()
    if (!useSession.getState().session) useSession.setState({ session: null })
  }
}

/** Logs in. Throws `ApiError` when the user is not let in. */
export async function login(username: string, realm: string, password: string): Promise<void> {
  const asked = Date.now()
  begin((await call('post', '/access/ticket', { username, realm, password })) as unknown as Reply, asked)
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
  useSession.setState({ ...NOBODY, ending: 'left' })
}

/** Gives up a page that waits for its user: somebody else is here. */
export const forget = () => useSession.setState({ waiting: null })

/**
 * Renews the ticket long before its end: from time to time, also in a tab that is hidden, and as soon as a computer that
 * slept is awake or the network is back. What fails is tried again at the next look.
 */
export function keepAlive(): () => void {
  const look = () => {
    if (useSession.getState().session && Date.now() - issuedAt >= RENEW_AFTER_MS) void resume()
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  document.addEventListener('visibilitychange', look)
  const events = ['focus', 'online', 'pageshow'] as const
  for (const event of events) window.addEventListener(event, look)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
    for (const event of events) window.removeEventListener(event, look)
  }
}
