import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { applyResources, useResources, type Resource } from '../api/resources'
import { i18n } from '../i18n'
import { Tree } from './Tree'

const HOSTILE = '<img src=x onerror="window.hit = 1">'
const rows: Resource[] = [
  { id: 'node/n1', type: 'node', node: 'n1', status: 'online' },
  { id: 'qemu/100', type: 'qemu', vmid: 100, name: 'web', node: 'n1', status: 'running', tags: 'prod' },
  { id: 'qemu/101', type: 'qemu', vmid: 101, name: HOSTILE, node: 'n1', status: 'stopped', tags: HOSTILE },
  { id: 'lxc/200', type: 'lxc', vmid: 200, name: 'dns', node: 'n1', status: 'stopped' },
]

beforeEach(() => {
  i18n.loadAndActivate({ locale: 'en', messages: {} })
  localStorage.clear()
  // What is not laid out has no size, and then no line would be in sight.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300)
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(Response.json({ data: {} }))))
  useResources.setState({ rows: new Map(), loaded: true, error: null })
  applyResources(rows, [])
})
afterEach(cleanup)

async function show(path = '/dc/summary') {
  const root = createRootRoute({ component: () => <><Tree /><Outlet /></> })
  const page = createRoute({ getParentRoute: () => root, path: '$', component: () => null })
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory({ initialEntries: [path] }) })
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  const tree = await screen.findByRole('tree')
  return { tree, router, user: userEvent.setup() }
}

const line = (name: RegExp) => screen.getByRole('treeitem', { name })

it('shows what there is, with state, place and level', async () => {
  await show('/guest/100/summary')
  expect(line(/web/).getAttribute('aria-level')).toBe('3')
  expect(line(/web/).textContent).toContain('running')
  expect(line(/web/).getAttribute('aria-selected')).toBe('true')
  expect(line(/^online *n1/).getAttribute('aria-expanded')).toBe('true')
})

it('shows names and tags as they are, whatever they are', async () => {
  const { tree } = await show()
  expect(line(/onerror/).textContent).toContain(HOSTILE)
  expect(tree.querySelector('img')).toBe(null)
})

it('follows keys: down, close, type ahead, open the page', async () => {
  const { tree, router, user } = await show()
  tree.focus()
  await user.keyboard('{ArrowDown}{ArrowLeft}')
  await waitFor(() => expect(screen.queryByRole('treeitem', { name: /web/ })).toBe(null))
  await user.keyboard('{ArrowRight}')
  await waitFor(() => expect(line(/web/)).toBeTruthy())
  await user.keyboard('dns')
  expect(tree.getAttribute('aria-activedescendant')).toBe(line(/dns/).id)
  await user.keyboard('{Enter}')
  await waitFor(() => expect(router.state.location.pathname).toBe('/guest/200/summary'))
})

it('remembers what was closed', async () => {
  const { user, tree } = await show()
  tree.focus()
  await user.keyboard('{ArrowDown}{ArrowLeft}')
  cleanup()
  await show()
  expect(line(/n1/).getAttribute('aria-expanded')).toBe('false')
})

it('filters as one types', async () => {
  const { user } = await show()
  await user.type(screen.getByRole('textbox', { name: 'Filter the tree' }), 'dns')
  await waitFor(() => expect(screen.getAllByRole('treeitem')).toHaveLength(3))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.getAllByRole('treeitem')).toHaveLength(5))
})

it('shows a change of state and a new guest at once', async () => {
  await show()
  applyResources([{ ...rows[3], status: 'running' } as Resource, { id: 'qemu/300', type: 'qemu', vmid: 300, name: 'new', node: 'n1', status: 'stopped' }], ['qemu/100'])
  await waitFor(() => expect(line(/dns/).textContent).toContain('running'))
  expect(line(/new/)).toBeTruthy()
  expect(screen.queryByRole('treeitem', { name: /web/ })).toBe(null)
})
