// Every view that there is, found as a person finds them: by the tabs that a thing shows.
import type { Page } from '@playwright/test'
import { facts, inside, settled } from './test'

/** One thing of each kind, and those that carry hostile texts. */
const THINGS = [
  '/dc',
  `/node/${facts.node}`,
  '/guest/601',
  '/guest/603',
  ...(facts.template ? ['/guest/611', '/guest/612'] : []),
  `/storage/${facts.node}/local`,
  '/pool/lab',
  '/pool/hostile',
]

/** Addresses of all tabs of all things; hostile ones are those whose texts try to run. */
export async function routes(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const thing of THINGS) {
    await page.goto(`${thing}/summary`)
    await inside(page)
    const tabs = page.getByRole('navigation', { name: 'Views' }).getByRole('link')
    await tabs.first().waitFor().catch(() => console.log(`${thing} has no tabs yet`))
    for (const tab of await tabs.all()) {
      const address = await tab.getAttribute('href')
      if (address) found.push(address)
    }
  }
  return found
}

/** Goes there as a link does, without loading the page again, and waits until it is drawn. */
export async function visit(page: Page, route: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, route)
  await page.waitForURL((url) => url.pathname === new URL(route, url).pathname)
  await settled(page)
}

/** Dialogs that no tab leads to: where they are, and the buttons that open them. */
export const DIALOGS: readonly (readonly [route: string, ...buttons: string[]])[] = [
  ['/guest/603/cloudinit', 'User data'],
  ['/dc/storage', 'Add'],
  [`/storage/${facts.node}/local/vztmpl`, 'Pull from registry'],
  ...(facts.template ? [['/guest/611/resources', 'Add', 'Mount Point'], ['/guest/611/resources', 'Add', 'Device']] as const : []),
]

/** Opens a dialog as a person does. */
export async function openDialog(page: Page, [route, button, item]: (typeof DIALOGS)[number]): Promise<void> {
  await visit(page, route)
  await page.locator('#content').getByRole('button', { name: button, exact: true }).click()
  if (item) await page.getByRole('menuitem', { name: item }).click()
  await page.getByRole('dialog').waitFor()
  await settled(page)
}

/** A file name for an address. */
export const fileName = (route: string) => route.replace(/^\//, '').replaceAll(/[^a-z0-9]+/gi, '-')
