import { expect, facts, test } from './test'
import { drawn, logInAsRoot, screen, shows, type, wake } from './terminals'

test('the screen of a VM is drawn in a window of its own', async ({ house: page }) => {
  await page.goto('/console/601/vnc')
  await drawn(page)
})

test('a terminal of a container answers, also after it was left and opened again', async ({ house: page }) => {
  test.skip(!facts.template, 'no container template')
  await page.goto('/console/611/term')
  await logInAsRoot(page, 'dns-1')
  await type(page, 'echo $((6 * 7)) $(hostname)\n')
  await shows(page, /42 dns-1/)
  await page.reload()
  await wake(page, /root@dns-1.*#/)
  await type(page, 'exit\n')
})

test("the node's shell answers and knows its size", async ({ house: page }) => {
  await page.goto(`/console/${facts.node}/shell`)
  await shows(page, /[#$]\s*$/)
  await type(page, 'stty size; echo done-$((40 + 2))\n')
  await shows(page, /done-42/)
  const columns = Number(/(\d+) (\d+)\s+done-42/.exec(await screen(page))?.[2])
  expect(columns).toBeGreaterThan(90)
})

test('a terminal comes back by itself when its connection breaks', async ({ house: page, complaints }) => {
  test.skip(!facts.template, 'no container template')
  await page.goto('/console/611/term')
  await wake(page, /login:|#/)
  await page.context().setOffline(true)
  await page.evaluate(() => dispatchEvent(new Event('offline')))
  await page.context().setOffline(false)
  await wake(page, /login:|#/)
  complaints.length = 0
})
