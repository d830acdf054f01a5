import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigTable, type ConfigRow } from './ConfigTable'
import { SettingsForm, type Field } from './fields'

afterEach(cleanup)
const draw = (what: React.ReactNode) => render(<MantineProvider>{what}</MantineProvider>)

const FIELDS: readonly Field[] = [
  { key: 'memory', property: 'current', kind: 'number', label: () => 'Memory', absent: '512', min: 16 },
  { key: 'onboot', kind: 'switch', label: () => 'Start at boot', absent: '0' },
  { key: 'name', kind: 'text', label: () => 'Name' },
]
const get = (key: string) => ({ memory: 'current=512,x-new=1', name: 'web' })[key]

describe('the form of options', () => {
  it('sends what was changed, and nothing else', async () => {
    const change = vi.fn(async (_: Record<string, string>) => undefined)
    const close = vi.fn()
    draw(<SettingsForm fields={FIELDS} get={get} change={change} close={close} />)
    await userEvent.click(screen.getByLabelText('Start at boot'))
    await userEvent.clear(screen.getByLabelText('Name'))
    await userEvent.click(screen.getByRole('button', { name: 'OK' }))
    await waitFor(() => expect(close).toHaveBeenCalled())
    expect(change).toHaveBeenCalledExactlyOnceWith({ onboot: '1', delete: 'name' })
  })
  it('sends nothing when nothing was changed', async () => {
    const change = vi.fn(async (_: Record<string, string>) => undefined)
    const close = vi.fn()
    draw(<SettingsForm fields={FIELDS} get={get} change={change} close={close} />)
    await userEvent.click(screen.getByRole('button', { name: 'OK' }))
    await waitFor(() => expect(close).toHaveBeenCalled())
    expect(change).not.toHaveBeenCalled()
  })
  it('says what is wrong before anything is sent', async () => {
    const change = vi.fn(async (_: Record<string, string>) => undefined)
    draw(<SettingsForm fields={FIELDS} get={get} change={change} close={() => undefined} />)
    await userEvent.clear(screen.getByLabelText('Memory'))
    await userEvent.type(screen.getByLabelText('Memory'), '8')
    await userEvent.click(screen.getByRole('button', { name: 'OK' }))
    expect(await screen.findByText('At least 16')).toBeTruthy()
    expect(change).not.toHaveBeenCalled()
  })
})

describe('the table of options', () => {
  const run = vi.fn()
  const rows: ConfigRow[] = [
    { id: 'memory', label: 'Memory', now: '512 MiB', next: '1024 MiB', waits: ['memory', 'balloon'], edit: { label: 'Edit', run } },
    { id: 'rootfs', label: 'Root Disk', now: 'local:1', waits: [] },
    { id: 'net0', label: 'Network Device', now: 'virtio', goes: true, waits: ['net0'], edit: { label: 'Edit', run } },
  ]
  const isOff = (name: string) => screen.getByRole('button', { name }).getAttribute('aria-disabled') === 'true'

  it('shows what is and what will be, and reverts a whole line', async () => {
    const revert = vi.fn()
    draw(<ConfigTable label="Hardware" rows={rows} revert={revert} />)
    expect(screen.getByText('At the next start: 1024 MiB')).toBeTruthy()
    expect(isOff('Revert')).toBe(true)
    await userEvent.click(screen.getByText('512 MiB'))
    await userEvent.click(screen.getByRole('button', { name: 'Revert' }))
    expect(revert).toHaveBeenCalledExactlyOnceWith(['memory', 'balloon'])
  })
  it('offers no change of what is fixed or goes', async () => {
    draw(<ConfigTable label="Hardware" rows={rows} revert={() => undefined} />)
    await userEvent.click(screen.getByText('local:1'))
    expect([isOff('Edit'), isOff('Revert')]).toEqual([true, true])
    await userEvent.click(screen.getByText('virtio'))
    expect([isOff('Edit'), isOff('Revert')]).toEqual([true, false])
  })
  it('is used by keyboard alone', async () => {
    draw(<ConfigTable label="Hardware" rows={rows} revert={() => undefined} />)
    screen.getByRole('row', { name: /Root Disk/ }).focus()
    await userEvent.keyboard('{ArrowUp}{Enter}')
    expect(run).toHaveBeenCalledOnce()
  })
})
