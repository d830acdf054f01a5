// What views use to read and change things.
import {
  QueryClient,
  queryOptions,
  useQuery,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query'
import { ApiError, call, fill, NO_ANSWER, request, type Data, type Params, type PathWith } from './call'

/** Answers stay good until an event says otherwise; the stream's gaps reload everything. */
export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && error instanceof ApiError && ((error.status === 0 && error.message !== NO_ANSWER) || error.status >= 595),
      },
    },
  })

type Options<T> = Partial<Pick<UseQueryOptions<T, Error>, 'enabled' | 'refetchInterval' | 'staleTime' | 'placeholderData'>>

/** Options of a query by path and parameters. Its key begins with the filled path, which events name. */
export function apiQuery<P extends PathWith<'get'>>(path: P, params: Params<P, 'get'>) {
  const [filled, rest] = fill(path, params as Record<string, unknown>)
  return queryOptions({
    queryKey: [filled, rest] as const,
    queryFn: ({ signal }) => call('get', path, params, signal) as Promise<Data<P>>,
  })
}

/** What a method answers, kept current by the event stream. */
export function useApi<P extends PathWith<'get'>>(
  path: P,
  params: Params<P, 'get'>,
  options?: Options<Data<P>>,
): UseQueryResult<Data<P>, Error> {
  return useQuery({ ...apiQuery(path, params), ...options } as UseQueryOptions<Data<P>, Error>)
}

/** The same for a path that is known at run time only (`/nodes/{node}/${kind}/{vmid}/config`). */
export function useApiAt<T>(path: string, params: Record<string, unknown>, options?: Options<T>): UseQueryResult<T, Error> {
  const [filled, rest] = fill(path, params)
  return useQuery<T, Error>({
    queryKey: [filled, rest],
    queryFn: ({ signal }) => request('get', path, params, signal) as Promise<T>,
    ...options,
  })
}

/** Which privileges the user has on a path of access control: `const may = useMay('/vms/100'); may('VM.Audit')`. */
export function useMay(path: string): (privilege: string) => boolean {
  const { data } = useQuery({
    queryKey: ['/access/permissions', { path }],
    queryFn: ({ signal }) => request('get', '/access/permissions', { path }, signal) as Promise<Record<string, Record<string, number>>>,
    staleTime: 5 * 60_000,
  })
  return (privilege) => data?.[path]?.[privilege] !== undefined
}
