import type { Page } from '@playwright/test'
import { expect, facts, test } from './test'

/** How many colours a canvas shows: a blank one has one. */
const colours = (page: Page) =>
  page.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
    const seen = new Set<number>()
    for (let at = 0; at + 2 < pixels.length; at += 4) seen.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0))
    return seen.size
  })

/** The text of a terminal, as it stands there. */
const screen = (page: Page) => page.locator('.xterm-rows').first().innerText()

test('the screen of a VM is drawn', async ({ house: page }) => {
  await page.goto('/console/601/vnc')
  await expect.poll(() => colours(page).catch(() => 0), { timeout: 30_000 }).toBeGreaterThan(1)
})

test('a terminal of a container answers', async ({ house: page }) => {
  test.skip(!facts.template, 'no container template')
  await page.goto('/console/611/term')
  await expect.poll(() => screen(page).catch(() => ''), { timeout: 30_000 }).toMatch(/login:|Press|dns-1/)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('root\n')
  await expect.poll(() => screen(page)).toContain('Password:')
  await page.keyboard.type('correct horse\n')
  await expect.poll(() => screen(page), { timeout: 20_000 }).toMatch(/root@dns-1.*#/)
  await page.keyboard.type('echo $((6 * 7)) $(hostname)\n')
  await expect.poll(() => screen(page)).toContain('42 dns-1')
})

test("the node's shell answers and knows its size", async ({ house: page }) => {
  await page.goto(`/console/${facts.node}/shell`)
  await expect.poll(() => screen(page).catch(() => ''), { timeout: 30_000 }).toMatch(/[#$]\s*$/)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('stty size; echo done-$((40 + 2))\n')
  await expect.poll(() => screen(page)).toContain('done-42')
  const wide = Number(/(\d+) (\d+)\s+done-42/.exec(await screen(page))?.[2])
  expect(wide).toBeGreaterThan(90)
})
