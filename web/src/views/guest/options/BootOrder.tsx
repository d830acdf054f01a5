// Which devices a VM tries to boot from, in order.
import { ActionIcon, Checkbox, Text } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useState } from 'react'
import { i18n } from '../../../i18n'
import { Form } from '../../../ui/Form'
import type { EditorProps } from '../config/DefinitionTable'
import { bootOrder, printBoot } from '../hardware/drives'
import classes from './options.module.css'

type Order = ReturnType<typeof bootOrder>

/** The list with one entry moved. */
export function moved(order: Order, from: number, to: number): Order {
  const entry = order[from]
  if (!entry || to < 0 || to >= order.length) return order
  const rest = order.toSpliced(from, 1)
  return rest.toSpliced(to, 0, entry)
}

export function BootOrder({ seen, change, close }: EditorProps) {
  const [order, setOrder] = useState(() => bootOrder(seen.settings))
  const before = printBoot(bootOrder(seen.settings))
  const move = (from: number, to: number) => setOrder(moved(order, from, to))
  return (
    <Form
      initial={{ boot: '' }}
      submit={async () => {
        if (printBoot(order) !== before) await change({ boot: printBoot(order) }, seen.digest)
      }}
      done={close}
      action={i18n._('OK')}
    >
      {() => (
        <>
          <Text size="sm" className="dim">{i18n._('The VM tries the checked devices from top to bottom.')}</Text>
          <ol className={classes.order} aria-label={i18n._('Boot Order')}>
            {order.map(({ key, on }, at) => (
              <li key={key}>
                <Checkbox
                  className={classes.device}
                  label={<><span className="mono">{key}</span> <span className="dim">{seen.settings.get(key)?.next}</span></>}
                  aria-label={key}
                  checked={on}
                  onChange={(event) => setOrder(order.with(at, { key, on: event.currentTarget.checked }))}
                />
                <ActionIcon aria-label={i18n._('{device} up', { device: key })} disabled={at === 0} onClick={() => move(at, at - 1)}><IconChevronUp size={16} /></ActionIcon>
                <ActionIcon aria-label={i18n._('{device} down', { device: key })} disabled={at === order.length - 1} onClick={() => move(at, at + 1)}><IconChevronDown size={16} /></ActionIcon>
              </li>
            ))}
          </ol>
        </>
      )}
    </Form>
  )
}
