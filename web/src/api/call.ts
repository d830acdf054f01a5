// One way to the API: `call('put', '/nodes/{node}/qemu/{vmid}/config', { node, vmid, memory: 2048 })`. Parameters are
// one flat object, as the API itself sees them: those named in the path go there, the rest into query or body.
import type { paths } from './schema'

export type Verb = 'get' | 'post' | 'put' | 'delete'
export type Path = keyof paths

type Known<T> = [T] extends [never] ? unknown : T extends undefined ? unknown : T
type PathOf<O> = O extends { parameters: { path: infer X } } ? X : unknown
type QueryOf<O> = O extends { parameters: { query?: infer X } } ? Known<X> : unknown
type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer X } } } ? Known<X> : unknown
type Operation<P extends Path, V extends Verb> = NonNullable<paths[P][V]>

/** The parameters of a method. */
export type Params<P extends Path, V extends Verb> = PathOf<Operation<P, V>> &
  QueryOf<Operation<P, V>> &
  BodyOf<Operation<P, V>>
/** What a method answers. */
export type Data<P extends Path, V extends Verb = 'get'> =
  Operation<P, V> extends { responses: { 200: { content: { 'application/json': { data: infer D } } } } } ? D : unknown
/** An element of a list that a method answers. */
export type Row<P extends Path> = Data<P> extends (infer R)[] ? R : never
/** Paths that have a method. */
export type PathWith<V extends Verb> = { [P in Path]: paths[P] extends Record<V, unknown> ? P : never }[Path]

/** What the API says when it refuses or fails. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What is wrong with each parameter. */
    readonly errors: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

let csrf = ''
let onRefused: () => void = () => {}

/** Sets the token that changes need, and what happens when the session has ended. */
export function setCredentials(token: string, refused: () => void) {
  csrf = token
  onRefused = refused
}

/** The token that changes need: for uploads, which do not go through `call`. */
export const csrfToken = () => csrf

type Flat = Record<string, unknown>

/** The path with its parameters in it, and the parameters that are left. */
export function fill(path: string, params: Flat): [string, Flat] {
  const rest = { ...params }
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return [filled, rest]
}

function query(rest: Flat): string {
  const pairs = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null)
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`
}

/** Reads an answer; throws what went wrong as an `ApiError`. */
export async function answer(response: Response): Promise<unknown> {
  const body: { data?: unknown; message?: string; errors?: Record<string, string> } = await response
    .json()
    .catch(() => ({}))
  if (response.ok) return body.data
  if (response.status === 401) onRefused()
  throw new ApiError(response.status, body.message?.trim() || response.statusText || `HTTP ${response.status}`, body.errors)
}

/** Calls a method of the API. Throws `ApiError`; status 0 means that the node was not reached. */
export async function call<V extends Verb, P extends PathWith<V>>(
  verb: V,
  path: P,
  params: Params<P, V>,
  signal?: AbortSignal,
): Promise<Data<P, V>> {
  return (await request(verb, path, params as Flat, signal)) as Data<P, V>
}

/** What is said of a request that the node took and did not answer in time: asking again at once would double the wait. */
export const NO_ANSWER = 'no answer'

/** How long an answer may take. Long work is a task; but changes do some things at once. ms */
const READ_MS = 30_000
const CHANGE_MS = 150_000

/** The same for a path that is known at run time only. */
export async function request(verb: Verb, path: string, params: Flat, signal?: AbortSignal): Promise<unknown> {
  const [filled, rest] = fill(path, params)
  const inUrl = verb === 'get' || verb === 'delete'
  const headers: Record<string, string> = {}
  if (verb !== 'get') headers.CSRFPreventionToken = csrf
  if (!inUrl) headers['Content-Type'] = 'application/json'
  let response: Response
  // A node that takes a connection and says nothing must not look like one that loads.
  const patience = AbortSignal.timeout(verb === 'get' ? READ_MS : CHANGE_MS)
  try {
    response = await fetch(`/api2/json${filled}${inUrl ? query(rest) : ''}`, {
      method: verb.toUpperCase(),
      headers,
      body: inUrl ? undefined : JSON.stringify(rest),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      credentials: 'same-origin',
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, patience.aborted ? NO_ANSWER : error instanceof Error ? error.message : String(error))
  }
  return answer(response)
}
