// The interface with 10,000 guests in Chromium, for `./dev bench`: prints `metric value unit` lines. The rows are put in
// the place of the node's answer, so that what is measured is the page alone.
// Needs a running node: PLEIAD_URL and PLEIAD_LOGIN (the file of the first login). PLEIAD_GUESTS changes the number.
import { chromium } from '@playwright/test'
import { readFileSync } from 'node:fs'

const { PLEIAD_URL: url, PLEIAD_LOGIN: login, PLEIAD_GUESTS: guests = '10000', CHROMIUM: browserPath = '/usr/bin/chromium' } = process.env
const { username, password } = JSON.parse(readFileSync(login, 'utf8'))
const NODES = 20
const STEPS = 120

const figure = (name, value, unit = 'ms') => console.log(`web_${guests}_${name} ${value.toFixed(1)} ${unit}`)
const at = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

/** Everything that such a cluster has, as `/cluster/resources` tells it. */
function rows(number) {
  const nodes = Array.from({ length: NODES }, (_, n) => ({ id: `node/node${n}`, type: 'node', node: `node${n}`, status: 'online', cpu: 0.2, maxcpu: 64, mem: 2e11, maxmem: 5e11, disk: 1e10, maxdisk: 1e11, uptime: 1e6 }))
  const all = Array.from({ length: number }, (_, n) => ({
    id: `qemu/${n + 100}`, type: 'qemu', vmid: n + 100, node: `node${n % NODES}`, name: `${['web', 'db', 'mail', 'build'][n % 4]}-${n}.example.org`,
    status: n % 3 ? 'running' : 'stopped', cpu: (n % 97) / 97, maxcpu: 4, mem: 2e9 + n * 1e4, maxmem: 4e9, disk: 0, maxdisk: 3.4e10, uptime: n * 60,
    netin: n, netout: n, diskread: n, diskwrite: n, template: 0, tags: `team-${n % 12};${n % 2 ? 'prod' : 'test'}`,
  }))
  return [...nodes, ...all]
}

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const context = await browser.newContext({ baseURL: url, ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 }, locale: 'en-US' })
const page = await context.newPage()
const body = JSON.stringify({ data: rows(Number(guests)) })
await page.route(/\/api2\/json\/cluster\/resources(\?|$)/, (route) => route.fulfill({ contentType: 'application/json', body }))
// The node's own events would bring its own rows.
await page.routeWebSocket(/\/pleiad\/events/, (socket) => socket.send(JSON.stringify({ type: 'hello', epoch: 'bench', seq: 0, resumed: true })))
await page.goto('/')
await page.locator('input[name=username]').fill(username)
await page.locator('input[name=password]').fill(password)
await page.getByRole('button', { name: 'Log in' }).click()
await page.locator('[role=treeitem]').nth(10).waitFor()

/** Time between frames while an element is scrolled by wheel-like steps from top to bottom, ms each. */
const scroll = (selector) =>
  page.evaluate(
    async ([what, steps]) => {
      const area = [...document.querySelectorAll(what)].find((one) => one.scrollHeight > one.clientHeight * 2)
      if (!area) throw new Error(`nothing scrolls at ${what}`)
      const times = []
      let last = performance.now()
      for (let step = 1; step <= steps; step += 1) {
        // Two in three steps are those of a wheel, one in three goes far: all rows are new then.
        area.scrollTop += step % 3 ? 120 : Math.floor(area.scrollHeight / steps) * 3
        await new Promise((done) => requestAnimationFrame(done))
        const now = performance.now()
        times.push(now - last)
        last = now
      }
      return times.slice(2)
    },
    [selector, STEPS],
  )

/** Types a text into a field; time from each key to the frame that shows what it did, ms. */
async function keys(field, text) {
  await field.click()
  const times = []
  for (const key of text) {
    await page.evaluate(() => {
      window.drawn = new Promise((done) => {
        addEventListener('keydown', (event) => {
          // The second frame after the key is on the screen; long work in between delays it. An event's own clock is the page's.
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(performance.now() - event.timeStamp))))
        }, { once: true, capture: true })
      })
    })
    await page.keyboard.press(key === ' ' ? 'Space' : key)
    times.push(await page.evaluate(() => window.drawn))
  }
  return times
}

function tell(name, times) {
  figure(`${name}_median`, at(times, 0.5))
  figure(`${name}_p95`, at(times, 0.95))
  figure(`${name}_worst`, Math.max(...times))
}

tell('tree_frame', await scroll('[role=tree], [role=tree] *, :has(> [role=tree])'))
await page.goto('/dc/search')
await page.getByRole('row').nth(10).waitFor()
tell('table_frame', await scroll('[role=table]'))
tell('search_key', await keys(page.getByLabel('Search resources'), 'web-77 team-3'.replace(' ', '')))
await page.getByLabel('Search resources').fill('')
tell('tree_filter_key', await keys(page.getByLabel('Filter the tree'), 'mail-123'))
await page.getByLabel('Filter the tree').fill('')
await page.getByRole('button', { name: /^Search/ }).first().click()
tell('palette_key', await keys(page.getByRole('dialog').getByRole('textbox').first(), 'build-4321'))
await browser.close()
