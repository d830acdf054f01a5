import { expect, inside, login, passwordField, test } from './test'

test('a wrong password is refused with words, and nothing is kept', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('User name').fill('admin@pve')
  await passwordField(page).fill('not this one')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('alert')).toContainText(/authentication failure/i)
  await expect(passwordField(page)).toHaveValue('')
})

test('a login lasts over a reload, and ends by logging out', async ({ page }) => {
  await page.goto('/')
  await login(page, 'admin@pve', 'correct horse battery')
  await page.reload()
  await inside(page)
  await page.getByRole('button', { name: 'Menu of admin@pve' }).click()
  await page.getByRole('menuitem', { name: 'Log out', exact: true }).click()
  await expect(passwordField(page)).toBeVisible()
  await page.reload()
  await expect(passwordField(page)).toBeVisible()
})

test('a ticket is renewed long before its end', async ({ page, context }) => {
  await page.clock.install()
  await page.goto('/')
  await login(page, 'admin@pve', 'correct horse battery')
  const ticket = async () => (await context.cookies()).find(({ name }) => name === 'PVEAuthCookie')?.value
  const before = await ticket()
  const renewal = page.waitForResponse((response) => response.url().endsWith('/pleiad/session') && response.ok())
  await page.clock.fastForward('00:20:00')
  await renewal
  expect(await ticket()).not.toBe(before)
  await inside(page)
})

test('a session that expired is taken up by logging in, with all that was open', async ({ page, context, complaints }) => {
  await page.clock.install()
  await page.goto('/dc/pools')
  await login(page, 'admin@pve', 'correct horse battery')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const name = page.getByRole('dialog').getByLabel('Name')
  await name.fill('half-typed')
  // As after a night with the lid closed: the ticket is not good any more, and two hours are over.
  await context.clearCookies()
  await page.clock.fastForward('09:00:00')
  const cover = page.getByRole('dialog', { name: 'Log in again' })
  await expect(cover).toBeVisible()
  await expect(cover.getByLabel('User name')).toHaveValue('admin@pve')
  await passwordField(page).press('Escape')
  await passwordField(page).fill('correct horse battery')
  await passwordField(page).press('Enter')
  await expect(cover).toHaveCount(0)
  await expect(page).toHaveURL(/\/dc\/pools/)
  await expect(name).toHaveValue('half-typed')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('columnheader').first()).toBeVisible()
  complaints.length = 0
})

test('logging out everywhere ends the other browsers too, at once', async ({ page, browser }) => {
  const elsewhere = await browser.newContext({ ignoreHTTPSErrors: true })
  const other = await elsewhere.newPage()
  for (const one of [other, page]) {
    await one.goto('/dc/options')
    await login(one, 'admin@pve', 'correct horse battery')
  }
  await page.getByRole('button', { name: 'Menu of admin@pve' }).click()
  await page.getByRole('menuitem', { name: 'Log out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Log out everywhere' }).click()
  await expect(passwordField(page)).toBeVisible()
  await expect(other.getByRole('alert')).toContainText('Your session has ended')
  await expect(other.locator('#content')).toHaveCount(0)
  await login(other, 'admin@pve', 'correct horse battery')
  await expect(other).toHaveURL(/\/dc\/options/)
  await elsewhere.close()
})

test('a link to a tab leads there after the login', async ({ page }) => {
  await page.goto('/guest/601/summary')
  await login(page)
  await expect(page).toHaveURL(/\/guest\/601\/summary/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('web-1')
})

test('what the server sends may not be framed, and runs nothing of others', async ({ page, complaints }) => {
  const answer = await page.goto('/')
  const policy = answer?.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  // Script that comes as markup does not run, and text does not become markup.
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    try {
      script.textContent = 'window.__ran = true'
      document.body.append(script)
    } catch {
      return false
    }
    return '__ran' in window
  }).catch(() => false)
  expect(ran).toBe(false)
  const markup = await page.evaluate(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<b id="marked">x</b>')
    } catch {
      return false
    }
    return document.getElementById('marked') !== null
  })
  expect(markup).toBe(false)
  expect(complaints.join()).toContain('TrustedScript')
  complaints.length = 0
})

test('files come compressed, are kept for ever, and are asked for once', async ({ page, request }) => {
  await page.goto('/')
  const source = await page.locator('script[type=module]').last().getAttribute('src')
  const answer = await request.get(source ?? '', { headers: { 'Accept-Encoding': 'br' } })
  expect(answer.headers()['content-encoding']).toBe('br')
  expect(answer.headers()['cache-control']).toContain('immutable')
  const again = await request.get(source ?? '', {
    headers: { 'Accept-Encoding': 'br', 'If-None-Match': answer.headers().etag ?? '' },
  })
  expect(again.status()).toBe(304)
  const plain = { headers: { 'Accept-Encoding': 'identity' } }
  const whole = await (await request.get(source ?? '', plain)).body()
  expect((await request.head(source ?? '', plain)).headers()['content-length']).toBe(String(whole.length))
  expect((await request.get('/assets/gone-12345678.js')).status()).toBe(404)
})
