// The command that starts a VM's QEMU.
import { Button, Group, Stack } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { failed } from '../../../ui/notify'
import { Loaded } from '../../../ui/parts'
import { guestPath } from '../config/useSettings'
import classes from './monitor.module.css'

const COPIED_MS = 2000

export function QemuCommand({ guest }: { guest: Guest }) {
  const query = useApiAt<string>(`${guestPath(guest)}/showcmd`, { pretty: 1 }, { staleTime: 0 })
  return (
    <Stack gap="sm">
      <p className={classes.note}>{i18n._('With the configuration as it is now: what runs was started with the one that it had then.')}</p>
      <Loaded query={query} lines={12}>{(command) => <Command command={command} />}</Loaded>
    </Stack>
  )
}

function Command({ command }: { command: string }) {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(false), COPIED_MS)
      },
      (error: unknown) => failed(i18n._('Copy'), error),
    )
  return (
    <>
      <pre className={classes.command} tabIndex={0} aria-label={i18n._('QEMU command')}>{command}</pre>
      <Group justify="flex-end">
        <Button variant="default" leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />} onClick={() => void copy()}>{copied ? i18n._('Copied') : i18n._('Copy')}</Button>
      </Group>
    </>
  )
}
