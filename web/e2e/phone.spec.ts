// The same at 390 by 844, by touch.
import { changeMemory, createContainer, createVm, destroy, start, stop, tab } from './flows'
import { cli, expect, facts, test } from './test'
import { violations } from './accessibility'
import { drawn, logInAsRoot, shows, type } from './terminals'

test('a guest is found in the drawer', async ({ house: page }) => {
  await page.getByRole('button', { name: 'Show the tree' }).tap()
  await page.getByRole('treeitem', { name: /601/ }).tap()
  await expect(page).toHaveURL(/\/guest\/601\//)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('web-1')
  await expect(page.getByRole('tree')).toHaveCount(0)
})

test('a VM: created, started, seen, changed, stopped, destroyed', async ({ house: page }) => {
  test.setTimeout(180_000)
  await createVm(page, 641, 'phone-vm')
  await start(page)
  await tab(page, 'Console')
  await drawn(page)
  await tab(page, 'Hardware')
  await changeMemory(page, /^$/, 192)
  await stop(page)
  expect(await cli('qm', 'config', '641')).toContain('memory: 192')
  await destroy(page, 'phone-vm')
  expect(await cli('qm', 'list')).not.toContain('phone-vm')
})

test('a container: created, started, answering by its key bar, stopped, destroyed', async ({ house: page }) => {
  test.skip(!facts.template, 'no container template')
  test.setTimeout(240_000)
  await createContainer(page, 651, 'phone-ct')
  await start(page)
  await tab(page, 'Console')
  await logInAsRoot(page, 'phone-ct')
  await type(page, 'sleep 600\n')
  await page.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name: '^C' }).tap()
  await shows(page, /sleep 600\s+(\^C\s+)?root@phone-ct.*#\s*$/)
  await type(page, 'echo $((6 * 7))\n')
  await shows(page, /^42\s*$/m)
  await stop(page)
  await destroy(page, 'phone-ct')
  expect(await cli('pct', 'list')).not.toContain('phone-ct')
})

test('sheets close within reach of the thumb; the power menu of a console can be read and asks first', async ({ house: page }) => {
  await page.getByRole('button', { name: 'Guests', exact: true }).tap()
  const sheet = page.getByRole('dialog', { name: 'Guests' })
  await expect(sheet.getByRole('link', { name: /web-1/ })).toBeVisible()
  const close = sheet.getByRole('button', { name: 'Close' }).last()
  expect((await close.boundingBox())?.y).toBeGreaterThan(700)
  await close.tap()
  await expect(sheet).toHaveCount(0)
  await page.goto('/console/601/vnc')
  await drawn(page)
  await page.getByRole('button', { name: 'Power' }).tap()
  await expect(page.getByRole('menuitem', { name: 'Shutdown' })).toBeVisible()
  expect(await violations(page)).toEqual([])
  const item = page.getByRole('menuitem', { name: 'Stop', exact: true })
  expect((await item.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await item.tap()
  await expect(page.getByRole('dialog').getByText(/loses its power/)).toBeVisible()
})
