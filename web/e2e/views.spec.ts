// Every view is drawn without a complaint of the browser (the guests there are hostile ones, too), accessible in light
// and dark. With PLEIAD_SCREENSHOTS set, pictures of all of them go there, for a look by eye.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { violations } from './accessibility'
import { expect, test } from './test'
import { fileName, routes, visit } from './views'

const pictures = process.env.PLEIAD_SCREENSHOTS

test('every view is accessible in light and dark, and nothing hostile runs', async ({ house: page }, info) => {
  test.setTimeout(10 * 60_000)
  const found: string[] = []
  const all = await routes(page)
  expect(all.length).toBeGreaterThan(8)
  for (const route of all) {
    await visit(page, route)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      if (pictures) {
        const folder = join(pictures, `${info.project.name}-${colorScheme}`)
        mkdirSync(folder, { recursive: true })
        await page.screenshot({ path: join(folder, `${fileName(route)}.png`) })
      }
      for (const one of await violations(page)) found.push(`${route} ${colorScheme} ${one}`)
    }
  }
  console.log(`${all.length} views: ${all.join(' ')}`)
  expect(found, 'serious violations').toEqual([])
})
