// Figures of the interface in Chromium, for `./dev bench`: prints `metric value unit` lines.
// Needs a running node: PLEIAD_URL, PLEIAD_LOGIN (the file of the first login), PLEIAD_BINARY, PLEIAD_ROOT, PLEIAD_VMID
// (a guest that may be renamed), PLEIAD_SUFFIX (for the names of the metrics).
import { chromium } from '@playwright/test'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const { PLEIAD_URL: url, PLEIAD_BINARY: binary, PLEIAD_VMID: vmid, PLEIAD_SUFFIX: suffix = '' } = process.env
const { username, password } = JSON.parse(readFileSync(process.env.PLEIAD_LOGIN, 'utf8'))
const ROUNDS = 5

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const figure = (name, value, unit) => console.log(`${name}${suffix} ${value.toFixed(value < 100 ? 1 : 0)} ${unit}`)

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const fresh = (storageState) =>
  browser.newContext({ baseURL: url, ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 }, storageState })

/** Notes in the page when the tree's lines were first drawn: ms since the page was asked for. */
const watchTree = () => {
  window.useful = new Promise((resolve) => {
    const look = () => {
      if (document.querySelectorAll('[role=treeitem]').length > 20)
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
      else requestAnimationFrame(look)
    }
    look()
  })
}
const useful = (page) => page.evaluate(() => window.useful)

const context = await fresh()
const page = await context.newPage()
await page.addInitScript(watchTree)
await page.goto('/')
await page.locator('input[name=username]').fill(username)
await page.locator('input[name=password]').fill(password)
await page.getByRole('button', { name: 'Log in' }).click()
await useful(page)
const session = await context.storageState()

const cold = []
for (let round = 0; round < ROUNDS; round += 1) {
  const other = await fresh(session)
  const first = await other.newPage()
  await first.addInitScript(watchTree)
  await first.goto('/')
  cold.push(await useful(first))
  await other.close()
}
const warm = []
for (let round = 0; round < ROUNDS; round += 1) {
  await page.reload()
  warm.push(await useful(page))
}
figure('web_first_paint', median(cold), 'ms')
figure('web_first_paint_cached', median(warm), 'ms')

const latency = []
for (let round = 0; round <= ROUNDS; round += 1) {
  const name = `renamed-${round}`
  await page.evaluate((wanted) => {
    window.seen = new Promise((resolve) => {
      const look = () => (document.querySelector('[role=tree]').innerText.includes(wanted) ? resolve(Date.now()) : requestAnimationFrame(look))
      look()
    })
  }, name)
  await promisify(execFile)(binary, ['qm', 'set', vmid, '--name', name], { env: process.env })
  const ended = Date.now()
  latency.push(Math.max(0, (await page.evaluate(() => window.seen)) - ended))
}
// The first is not counted: it waits for the stream to open.
figure('web_event_latency', median(latency.slice(1)), 'ms')
await browser.close()
