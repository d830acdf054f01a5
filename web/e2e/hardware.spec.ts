// What a VM is made of, and what is around it: one way through each of the views.
import { tab } from './flows'
import { cli, expect, test } from './test'
import type { Page } from '@playwright/test'

const dialog = (page: Page) => page.getByRole('dialog')

/** Chooses what is added to a VM. */
async function add(page: Page, what: string) {
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('menuitem', { name: what, exact: true }).click()
}

test('hardware of a VM: a device added, a disk limited, a processor flagged', async ({ house: page }) => {
  await page.goto('/guest/602/hardware')
  await add(page, 'Serial Port')
  await dialog(page).getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('row', { name: /Serial Port \(serial0\) socket/ })).toBeVisible()
  await page.getByRole('row', { name: /Hard Disk \(scsi0\)/ }).dblclick()
  await dialog(page).getByRole('tab', { name: 'Bandwidth' }).click()
  await dialog(page).getByLabel('Read limit').fill('20')
  await dialog(page).getByRole('button', { name: 'OK', exact: true }).click()
  await expect(page.getByRole('row', { name: /Hard Disk/ })).toContainText('mbps_rd=20')
  await page.getByRole('row', { name: /Processors/ }).dblclick()
  await dialog(page).getByRole('tab', { name: 'Flags' }).click()
  await dialog(page).getByLabel('Another flag').fill('aes')
  await dialog(page).getByLabel('Another flag').press('Enter')
  await dialog(page).getByRole('button', { name: 'OK', exact: true }).click()
  await expect(dialog(page)).toHaveCount(0)
  const config = await cli('qm', 'config', '602')
  expect(config).toContain('serial0: socket')
  expect(config).toMatch(/scsi0: .*mbps_rd=20/)
  expect(config).toMatch(/cpu: .*flags=\+aes/)
})

test('Cloud-Init of a VM: a drive, a user and an address', async ({ house: page }) => {
  await page.goto('/guest/602/cloudinit')
  await page.getByRole('button', { name: 'Add CloudInit drive' }).click()
  await dialog(page).getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog(page)).toHaveCount(0)
  await page.getByRole('row', { name: /^User/ }).dblclick()
  await dialog(page).getByLabel('User').fill('maria')
  await dialog(page).getByRole('button', { name: 'OK', exact: true }).click()
  await page.getByRole('row', { name: /IP Config/ }).dblclick()
  await dialog(page).getByRole('combobox', { name: 'IPv4' }).click()
  await page.getByRole('option', { name: 'Static' }).first().click()
  await dialog(page).getByLabel('IPv4 address').fill('192.0.2.10/24')
  await dialog(page).getByRole('button', { name: 'OK', exact: true }).click()
  await expect(page.getByRole('row', { name: /IP Config/ })).toContainText('192.0.2.10/24')
  expect(await cli('qm', 'config', '602')).toMatch(/ciuser: maria[^]*ipconfig0: ip=192\.0\.2\.10\/24/)
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(dialog(page).getByText(/maria/)).toBeVisible()
})

test('a running VM: its screen, its monitor, its log', async ({ house: page }) => {
  await page.goto('/guest/601/summary')
  await expect(page.getByRole('img', { name: 'Screen of VM 601' })).toBeVisible()
  await tab(page, 'Monitor')
  await page.getByLabel('Command').fill('info status')
  await page.getByLabel('Command').press('Enter')
  await expect(page.getByRole('log')).toContainText('VM status: running')
  await tab(page, 'QEMU Log')
  await expect(page.getByRole('log', { name: 'QEMU Log' })).toBeVisible()
})

test('the datacenter: a directory gets a name, and a node that lacks it says so', async ({ house: page }) => {
  await page.goto('/dc/mappings')
  await page.getByText('Directories', { exact: true }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog(page).getByLabel('Name').fill('nowhere')
  await dialog(page).getByLabel('Path on the node').fill('/not/there')
  await dialog(page).getByRole('button', { name: 'Add entry' }).click()
  await dialog(page).getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('row', { name: /nowhere/ })
  await expect(row).toContainText('/not/there')
  await expect(row).toContainText(/node1: /)
  await row.click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(row).toHaveCount(0)
})
