// Volumes of a container, and what keeps them in order; and the house without a mouse.
import { dialog, tab } from './flows'
import { cli, expect, facts, settled, test } from './test'
import type { Page } from '@playwright/test'

const root = (page: Page) => page.getByRole('row', { name: /Root Disk/ })

async function volumeAction(page: Page, name: string) {
  await root(page).click()
  await page.getByRole('button', { name: 'Volume Action' }).click()
  await page.getByRole('menuitem', { name }).click()
}

test('the root disk of a container: options, a check, a look from the node', async ({ house: page }) => {
  test.skip(!facts.template, 'no container template')
  await page.goto('/guest/612/resources')
  await root(page).dblclick()
  await dialog(page).getByLabel('Advanced').check()
  await dialog(page).locator('.mantine-MultiSelect-input').click()
  await page.getByRole('option', { name: 'noatime' }).click()
  // The list stays open for more of them.
  await dialog(page).getByText('Edit: Root Disk').click()
  await dialog(page).getByRole('button', { name: 'OK', exact: true }).click()
  await expect(root(page)).toContainText('mountoptions=noatime')
  expect(await cli('pct', 'config', '612')).toMatch(/rootfs: .*mountoptions=noatime/)
  await volumeAction(page, 'Mount on the node')
  await dialog(page).getByRole('button', { name: 'Mount on the node' }).click()
  await expect(page.getByText('locked: mounted', { exact: true })).toBeVisible()
  await volumeAction(page, 'Unmount from the node')
  await expect(page.getByText('locked: mounted', { exact: true })).toHaveCount(0)
  await tab(page, 'Task History')
  await settled(page)
})

test('a running container tells how full it is', async ({ house: page }) => {
  test.skip(!facts.template, 'no container template')
  await page.goto('/guest/611/resources')
  await expect(root(page)).toContainText(/% used: .* of /)
})

test('without a mouse: the tree, its menu, a dialog and back', async ({ house: page }) => {
  const focused = (name: RegExp) => expect.poll(() => page.evaluate(() => {
    const at = document.activeElement
    return at ? `${at.getAttribute('role') ?? at.tagName} ${at.getAttribute('aria-label') ?? document.querySelector(`label[for="${at.id}"]`)?.textContent ?? at.textContent}` : ''
  })).toMatch(name)
  await page.goto('/dc/summary')
  await page.getByRole('tree').focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  await expect(page).toHaveURL(/\/guest\/\d+\//)
  await page.keyboard.press('Shift+F10')
  await focused(/^menuitem Open/)
  await page.keyboard.press('Escape')
  await focused(/^tree/)
  await page.goto('/guest/602/hardware')
  const memory = page.getByRole('row', { name: /Memory/ }).first()
  await memory.focus()
  await page.keyboard.press('Enter')
  await focused(/^INPUT Memory/)
  await page.keyboard.press('Escape')
  await focused(/^row Memory/)
  await page.getByRole('button', { name: 'More', exact: true }).focus()
  await page.keyboard.press('Enter')
  await focused(/^menuitem Clone/)
  await page.keyboard.press('Enter')
  await focused(/^INPUT VM ID/)
  await page.keyboard.press('Escape')
  await focused(/^BUTTON More/)
})
