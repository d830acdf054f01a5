// Texts that want to run, in every field that takes a text (seed.py), where people meet them. The page reports them
// itself if they do: `window.__xss` fails the test (test.ts).
import { expect, facts, settled, test } from './test'

const IMAGE = facts.hostile[1] ?? ''

test('what is hostile is shown as the text that it is', async ({ house: page }) => {
  for (const [route, text] of [
    ['/dc/users', IMAGE],
    ['/dc/groups', facts.hostile[0] ?? ''],
    ['/dc/pools', IMAGE],
    ['/pool/lab/summary', IMAGE],
  ] as const) {
    await page.goto(route)
    await expect(page.getByText(text).first(), route).toBeVisible()
  }
})

test('notes are Markdown without scripts, pictures of others and dangerous links', async ({ house: page }) => {
  for (const route of ['/guest/603/summary', '/guest/612/summary', '/dc/summary', '/dc/notes']) {
    await page.goto(route)
    await settled(page)
    const links = await page.locator('main a').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
    expect(links.filter((to) => /^\s*(javascript|data|vbscript):/i.test(to)), route).toEqual([])
    expect(await page.locator('main iframe, main object, main embed, main script, main svg[onload], main [onerror]').count(), route).toBe(0)
    const outside = page.locator('main a[href^="https://example.org"]')
    for (const link of await outside.all()) expect(await link.getAttribute('rel')).toContain('noopener')
  }
  await page.goto('/guest/603/summary')
  // Markup is left out; what only looked like a link is text.
  await expect(page.getByText('md-script')).toHaveCount(0)
  await page.getByText('click me').first().click()
  await page.getByText('and me').last().click()
  await settled(page)
  expect(new URL(page.url()).pathname).toBe('/guest/603/summary')
})

test('hostile texts do not run in search, dialogs and tasks', async ({ house: page }) => {
  await page.goto('/guest/603/summary')
  await page.getByRole('button', { name: 'Edit notes' }).click()
  await expect(page.getByRole('dialog').getByRole('textbox').first()).toHaveValue(/md-script/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Search/ }).first().click()
  // What is typed before it has opened goes nowhere.
  const search = page.getByPlaceholder(/^Search, or say/)
  await search.fill('hostile')
  await settled(page)
  await search.press('Escape')
  await expect(search).toBeHidden()
  await page.getByLabel('Filter the tree').fill(IMAGE)
  await settled(page)
  await page.getByLabel('Filter the tree').fill('')
  await page.getByText('Cluster log', { exact: true }).click()
  await settled(page)
})

test('the log of a task is text, whatever a program printed into it', async ({ house: page }) => {
  expect(facts.unseeded, 'what could not be seeded').not.toHaveProperty('task log')
  await page.goto('/guest/603/tasks')
  await page.getByRole('table', { name: 'Task History' }).getByRole('row', { name: /VM 603 - Start/ }).first().dblclick()
  const viewer = page.getByRole('dialog')
  for (const text of facts.hostile) await expect(viewer.getByText(text).first(), text).toBeVisible()
  expect(await viewer.locator('img, svg[onload], iframe, script, details, [onerror], [ontoggle]').count()).toBe(0)
})
