// What consoles show.
import { expect, type Page } from '@playwright/test'

/** How many colours the first canvas shows: a blank one has one. */
export const colours = (page: Page): Promise<number> =>
  page
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      const seen = new Set<number>()
      for (let at = 0; at + 2 < pixels.length; at += 4)
        seen.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0))
      return seen.size
    })
    .catch(() => 0)

/** Waits until a screen is drawn. */
export const drawn = (page: Page): Promise<void> =>
  expect.poll(() => colours(page), { timeout: 30_000, message: 'colours of the screen' }).toBeGreaterThan(1)

/** The text of the terminal, as it stands there. */
export const screen = (page: Page): Promise<string> =>
  page
    .locator('.xterm-rows')
    .first()
    .innerText({ timeout: 1000 })
    .catch(() => '')

/** Waits until the terminal shows something. */
export const shows = (page: Page, what: RegExp, seconds = 30): Promise<void> =>
  expect.poll(() => screen(page), { timeout: seconds * 1000, message: 'text of the terminal' }).toMatch(what)

/** Types into the terminal. */
export async function type(page: Page, text: string): Promise<void> {
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(text)
}

/** Presses Enter until the terminal shows something: whoever comes late to a console sees nothing before a key. */
export const wake = (page: Page, what: RegExp): Promise<void> =>
  expect
    .poll(
      async () => {
        const text = await screen(page)
        if (!what.test(text)) await type(page, '\n').catch(() => undefined)
        return text
      },
      { timeout: 60_000, intervals: [1000], message: 'an awake terminal' },
    )
    .toMatch(what)

/** Logs in to a container's console as root. */
export async function logInAsRoot(page: Page, name: string): Promise<void> {
  await wake(page, /login:/)
  await type(page, 'root\n')
  await shows(page, /Password:/)
  await type(page, 'correct horse\n')
  await shows(page, new RegExp(`root@${name}.*#`))
}
