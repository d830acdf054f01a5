import { changeMemory, createContainer, createVm, destroy, start, stop, tab } from './flows'
import { cli, expect, facts, test } from './test'
import { drawn, logInAsRoot, shows, type } from './terminals'

test('a VM: created by wizard, started, seen, changed, stopped, destroyed', async ({ house: page }) => {
  test.setTimeout(180_000)
  await createVm(page, 621, 'made-vm')
  await start(page)
  await tab(page, 'Console')
  await drawn(page)
  await tab(page, 'Hardware')
  await changeMemory(page, /^$/, 192)
  expect(await cli('qm', 'pending', '621')).toContain('new memory: 192')
  await stop(page)
  expect(await cli('qm', 'config', '621')).toContain('memory: 192')
  await destroy(page, 'made-vm')
  expect(await cli('qm', 'list')).not.toContain('made-vm')
})

test('a container: created by wizard, started, answering, changed, stopped, destroyed', async ({ house: page }) => {
  test.skip(!facts.template, 'no container template')
  test.setTimeout(240_000)
  await createContainer(page, 631, 'made-ct')
  await start(page)
  await tab(page, 'Console')
  await logInAsRoot(page, 'made-ct')
  await type(page, 'echo $((6 * 7))\n')
  await shows(page, /^42\s*$/m)
  await tab(page, 'Resources')
  await changeMemory(page, /^$/, 320)
  expect(await cli('pct', 'config', '631')).toContain('memory: 320')
  await stop(page)
  await destroy(page, 'made-ct')
  expect(await cli('pct', 'list')).not.toContain('made-ct')
})
