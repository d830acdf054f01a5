// What every test has: a page that fails the test when the browser complains, somebody logged in, and the node's
// command lines.
import { expect, test as base, type Page } from '@playwright/test'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export { expect } from '@playwright/test'

interface Facts {
  username: string
  password: string
  token: string
  node: string
  template: string | null
  containers: number[]
  hostile: string[]
  unseeded: Record<string, string>
}

const given = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: start the tests with web/e2e/run.py`)
  return value
}

/** What run.py made. */
export const facts: Facts = JSON.parse(readFileSync(given('PLEIAD_FACTS'), 'utf8')) as Facts

const run = promisify(execFile)

/** Runs one of the command lines on the node: `cli('qm', 'stop', '601')`. */
export async function cli(tool: string, ...args: string[]): Promise<string> {
  const root = given('PLEIAD_ROOT')
  const { stdout } = await run(join(root, tool), args, { env: { ...process.env, PLEIAD_ROOT: root } })
  return stdout
}

/** The field of the login form. */
export const passwordField = (page: Page) => page.locator('input[name=password]')

/** The page shows the house, not the login. */
export async function inside(page: Page): Promise<void> {
  await expect(page.locator('#content')).toBeVisible()
  await expect(passwordField(page)).toHaveCount(0)
}

/** Logs in by the form. */
export async function login(page: Page, username = facts.username, password = facts.password): Promise<void> {
  const [name = '', realm = 'pam'] = username.split('@')
  await page.getByLabel('User name').fill(`${name}@${realm}`)
  await passwordField(page).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await inside(page)
}

/** Complaints that are part of a test: a wrong password is a request that fails. */
const EXPECTED = [/status of 40[13]/, /status of 501/, /status of 400/, /status of 500/]

/** Notes what the browser complains about. */
export function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' && !EXPECTED.some((known) => known.test(text))) complaints.push(`console: ${text}`)
  })
}

interface Fixtures {
  /** What the browser complained about: a test that provokes it empties the list. */
  complaints: string[]
  /** Somebody is logged in, and the page shows the house. */
  house: Page
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  complaints: async ({}, use) => {
    await use([])
  },
  page: async ({ page, complaints }, use) => {
    listen(page, complaints)
    // Called by the corpus of hostile texts, if one of them ever runs.
    await page.exposeFunction('__xss', (how: string) => complaints.push(`hostile text ran: ${how}`))
    await use(page)
    expect(complaints, 'complaints of the browser').toEqual([])
  },
  house: async ({ page }, use) => {
    await page.goto('/')
    await login(page)
    await use(page)
  },
})

/** Everything that is shown has arrived: nothing stands in for it any more. */
export async function settled(page: Page): Promise<void> {
  // A part that is loaded by itself shows its place only after it was asked for.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  await expect(page.locator('.mantine-Skeleton-root, [aria-busy=true]')).toHaveCount(0, { timeout: 90_000 })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
