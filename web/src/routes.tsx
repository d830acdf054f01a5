// Addresses. Every tab has one, so that it can be sent to a colleague and the browser's back works:
//   /dc/TAB   /node/NODE/TAB   /guest/VMID/TAB   /storage/NODE/STORAGE/TAB   /pool/POOL/TAB   /console/VMID
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { Shell } from './shell/Shell'
import { Problem } from './ui/parts'
import { NotFound } from './shell/NotFound'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: ({ error }) => <Problem error={error} /> })
const house = createRoute({ getParentRoute: () => root, id: 'house', component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => house,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/dc/$tab', params: { tab: 'summary' }, replace: true })
  },
})
const datacenter = createRoute({ getParentRoute: () => house, path: '/dc/$tab', component: lazyRouteComponent(() => import('./views/datacenter/DatacenterView'), 'DatacenterView') })
const node = createRoute({ getParentRoute: () => house, path: '/node/$node/$tab', component: lazyRouteComponent(() => import('./views/node/NodeView'), 'NodeView') })
const guest = createRoute({ getParentRoute: () => house, path: '/guest/$vmid/$tab', component: lazyRouteComponent(() => import('./views/guest/GuestView'), 'GuestView') })
const storage = createRoute({ getParentRoute: () => house, path: '/storage/$node/$storage/$tab', component: lazyRouteComponent(() => import('./views/storage/StorageView'), 'StorageView') })
const pool = createRoute({ getParentRoute: () => house, path: '/pool/$pool/$tab', component: lazyRouteComponent(() => import('./views/pool/PoolView'), 'PoolView') })
/** A console in a window of its own: nothing around it. */
const console = createRoute({
  getParentRoute: () => root,
  path: '/console/$target/$kind',
  component: lazyRouteComponent(() => import('./views/console/ConsolePage'), 'ConsolePage'),
})

export const router = createRouter({
  routeTree: root.addChildren([house.addChildren([home, datacenter, node, guest, storage, pool]), console]),
  // A view is there by the time that its link is clicked.
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
