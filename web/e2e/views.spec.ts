// Every view is drawn without a complaint of the browser (the guests there are hostile ones, too), accessible in light
// and dark. With PLEIAD_SCREENSHOTS set, pictures of all of them go there, for a look by eye.
import type { Page } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { violations } from './accessibility'
import { expect, test } from './test'
import { DIALOGS, fileName, openDialog, routes, visit } from './views'

const pictures = process.env.PLEIAD_SCREENSHOTS

/** Walks over every view in both schemes; answers what is wrong, and where: most of it is in many views. */
async function walk(page: Page, project: string): Promise<string[]> {
  const found = new Map<string, string[]>()
  const note = (what: string, where: string) => found.set(what, [...(found.get(what) ?? []), where])
  const all = await routes(page)
  expect(all.length).toBeGreaterThan(8)
  const look = async (what: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      if (pictures) {
        const folder = join(pictures, `${project}-${colorScheme}`)
        mkdirSync(folder, { recursive: true })
        await page.screenshot({ path: join(folder, `${fileName(what)}.png`) })
      }
      for (const one of await violations(page)) note(one, `${what} ${colorScheme}`)
    }
    for (const one of await flaws(page)) note(one, what)
  }
  for (const route of all) {
    await visit(page, route)
    await look(route)
  }
  for (const one of DIALOGS) {
    await openDialog(page, one)
    await look(one.join(' '))
    await page.keyboard.press('Escape')
  }
  console.log(`${all.length} views: ${all.join(' ')}`)
  return [...found].map(([what, where]) => `${what}\n    in ${where.length} views: ${where.slice(0, 3).join(', ')}`)
}

/** What no rule of axe looks for: a page wider than the screen, and words that nobody filled in. */
const flaws = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide, the screen ${clientWidth}`)
    // Hostile texts have braces of their own, which come in pairs.
    for (const [word] of document.body.innerText.matchAll(/(?<!\{)\{[a-z]+(, plural)?\}/gi)) found.push(`not filled in: ${word}`)
    return [...new Set(found)]
  })

test('every view is accessible in light and dark, and nothing hostile runs', async ({ house: page }, info) => {
  test.setTimeout(10 * 60_000)
  expect(await walk(page, info.project.name), 'flaws').toEqual([])
})
