// What administrators do with guests, step by step, on a screen of any size.
import type { Locator, Page } from '@playwright/test'
import { expect } from './test'

/** The dialog on top. */
export const dialog = (page: Page): Locator => page.getByRole('dialog').last()

/** Picks from a field with a list. */
export async function pick(where: Locator, label: string, option: string | RegExp): Promise<void> {
  await where.getByRole('combobox', { name: label, exact: true }).click()
  await where.page().getByRole('option', { name: option }).first().click()
}

/** Goes to a tab of what is shown. */
export async function tab(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click()
}

/** Waits until the guest that is shown is in a state. */
export async function inState(page: Page, state: 'running' | 'stopped', seconds = 60): Promise<void> {
  // The icon before the name says it.
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(`^${state} `) })).toBeVisible({ timeout: seconds * 1000 })
}

/** Creates a VM without a medium by the wizard. */
export async function createVm(page: Page, vmid: number, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create VM' }).first().click()
  const form = dialog(page)
  await form.getByLabel('Name', { exact: true }).fill(name)
  await form.getByLabel('VM ID').fill(String(vmid))
  await pick(form, 'Install from', /boot from network/)
  await form.getByLabel('Size (GiB)').fill('1')
  await form.getByLabel('Memory (MiB)').first().fill('128')
  await form.getByLabel('Start after it is created').uncheck()
  await form.getByRole('button', { name: 'Create VM' }).click()
  await created(page, vmid, name)
}

/** Creates a container of the template that is there by the wizard. */
export async function createContainer(page: Page, vmid: number, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create container' }).first().click()
  const form = dialog(page)
  await form.getByLabel('Hostname').fill(name)
  await form.getByLabel('CT ID').fill(String(vmid))
  await form.getByLabel('Password of root').fill('correct horse')
  await form.getByLabel('Password again').fill('correct horse')
  await pick(form, 'Template', /debian-13/)
  await form.getByLabel('Disk size (GiB)').fill('1')
  await form.getByLabel('Memory (MiB)').fill('256')
  await form.getByLabel('Start after it is created').uncheck()
  await form.getByRole('button', { name: 'Create container' }).click()
  await created(page, vmid, name)
}

async function created(page: Page, vmid: number, name: string) {
  await expect(page).toHaveURL(new RegExp(`/guest/${vmid}/`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name, { timeout: 90_000 })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  // The task that creates it holds a lock.
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeEnabled({ timeout: 90_000 })
}

export async function start(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Start', exact: true })
  await expect(button).not.toHaveAttribute('aria-disabled', 'true', { timeout: 90_000 })
  await button.click()
  await inState(page, 'running')
}

/** Takes the power away, which is asked about. */
export async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More about power' }).click()
  await page.getByRole('menuitem', { name: 'Stop', exact: true }).click()
  await dialog(page).getByRole('button', { name: 'Stop', exact: true }).click()
  await inState(page, 'stopped')
}

/** Destroys what is shown: only after its name was typed. */
export async function destroy(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Destroy', exact: true }).click()
  const question = dialog(page)
  await question.getByLabel(/to confirm/).fill(`${name}x`)
  await question.getByRole('button', { name: 'Destroy', exact: true }).click()
  await expect(question.getByText(/to go on/)).toBeVisible()
  await question.getByLabel(/to confirm/).fill(name)
  await question.getByRole('button', { name: 'Destroy', exact: true }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByText(/There is no guest/)).toBeVisible({ timeout: 60_000 })
}

/** Changes the memory in a table of options: line, Edit, value, OK. */
export async function changeMemory(page: Page, from: RegExp, to: number): Promise<void> {
  await page.getByRole('row', { name: /Memory/ }).first().click()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const form = dialog(page)
  await form.getByLabel(/^Memory/).first().fill(String(to))
  await form.getByRole('button', { name: 'OK', exact: true }).click()
  await expect(page.getByRole('row', { name: /Memory/ }).first()).not.toHaveText(from)
  await expect(page.getByRole('row', { name: /Memory/ }).first()).toContainText(String(to))
}
