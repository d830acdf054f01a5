// Short messages in the corner.
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { explain } from './Form'

/** Says that something went wrong, and what to do. */
export function failed(what: string, error: unknown): void {
  notifications.show({ color: 'red', title: what, message: explain(error), autoClose: 10_000 })
}

/** Says that something was done. */
export function done(message: ReactNode): void {
  notifications.show({ color: 'green', message, autoClose: 3000 })
}

/** Does something; says so when it fails. Answers whether it went well. */
export async function attempt(what: string, run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    failed(what, error)
    return false
  }
}
