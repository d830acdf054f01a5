import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface Props extends Pick<ButtonProps, 'variant' | 'color' | 'loading'> {
  icon?: Icon
  children: ReactNode
  onClick: () => void
  /** Why it cannot be used now; it is disabled and says so. */
  why?: string | false | null
}

/** A button above a table. One that cannot be used stays in its place, can be focused, and says why. */
export function ActButton({ icon: Shape, children, onClick, why, variant = 'default', ...rest }: Props) {
  const off = Boolean(why)
  const button = (
    <Button
      {...rest}
      variant={variant}
      leftSection={Shape && <Shape size={15} stroke={1.6} aria-hidden />}
      aria-disabled={off || undefined}
      data-disabled={off || undefined}
      onClick={off ? undefined : onClick}
    >
      {children}
    </Button>
  )
  return why ? <Tooltip label={why} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>{button}</Tooltip> : button
}
