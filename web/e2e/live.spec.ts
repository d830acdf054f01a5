import type { Page } from '@playwright/test'
import { cli, expect, test } from './test'

/** Most milliseconds between the end of a command and its effect in an open page. */
const WITHIN_MS = 250

/** Starts to wait, inside the page, for a text; answers when it was drawn (ms since 1970). */
async function seenAt(page: Page, text: string): Promise<() => Promise<number>> {
  await page.evaluate((wanted) => {
    const holder = window as unknown as { seen: Promise<number> }
    holder.seen = new Promise((resolve) => {
      const look = () => {
        if (document.body.innerText.includes(wanted)) resolve(Date.now())
        else requestAnimationFrame(look)
      }
      look()
    })
  }, text)
  return () => page.evaluate(() => (window as unknown as { seen: Promise<number> }).seen)
}

test('a change by the command line shows in an open page within 250 ms', async ({ house: page }) => {
  await page.goto('/guest/602/summary')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('db-1')
  // The stream is open when the first change arrives.
  await cli('qm', 'set', '602', '--name', 'warm-up')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('warm-up')
  const times: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const name = `renamed-${round}`
    const seen = await seenAt(page, name)
    await cli('qm', 'set', '602', '--name', name)
    const ended = Date.now()
    times.push(Math.max(0, (await seen()) - ended))
  }
  console.log(`ms from the end of qm set to the page: ${times.join(' ')}`)
  await cli('qm', 'set', '602', '--name', 'db-1')
  expect(times.toSorted((a, b) => a - b)[2]).toBeLessThan(WITHIN_MS)
})
