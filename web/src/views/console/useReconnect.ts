// A console connects by itself, and again when it was lost: at once, then more and more slowly.
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/call'
import { explain } from '../../ui/Form'

export type Phase = 'connecting' | 'open' | 'waiting' | 'closed'

const WAIT_MS = [500, 1000, 2000, 4000, 8000] as const

export interface Connection {
  phase: Phase
  /** Why it is not open. */
  reason: string
  /** Connects now. */
  again: () => void
}

/**
 * Keeps a console connected while `wanted`. `connect` opens it and answers how to close it; it calls `opened` and, when
 * the connection ends by itself, `lost`.
 */
export function useReconnect(
  wanted: boolean,
  connect: (opened: () => void, lost: (reason: string) => void) => Promise<() => void>,
): Connection {
  const [phase, setPhase] = useState<Phase>('connecting')
  const [reason, setReason] = useState('')
  const [round, setRound] = useState(0)
  const failures = useRef(0)
  const again = useCallback(() => {
    failures.current = 0
    setRound((old) => old + 1)
  }, [])
  useEffect(() => {
    if (!wanted) {
      setPhase('closed')
      failures.current = 0
      return
    }
    let live = true
    let close: (() => void) | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const lost = (why: string, final = false) => {
      if (!live) return
      setReason(why)
      setPhase(final ? 'closed' : 'waiting')
      if (final) return
      timer = setTimeout(() => setRound((old) => old + 1), WAIT_MS[Math.min(failures.current, WAIT_MS.length - 1)])
      failures.current += 1
    }
    const opened = () => {
      failures.current = 0
      if (live) setPhase('open')
    }
    setPhase('connecting')
    connect(opened, lost).then(
      (closer) => {
        close = closer
        if (!live) closer()
      },
      // What the API refuses is refused again: only what may pass by itself is tried again.
      (error: unknown) => lost(explain(error), error instanceof ApiError && error.status >= 400 && error.status < 500),
    )
    return () => {
      live = false
      clearTimeout(timer)
      close?.()
    }
  }, [wanted, round, connect])
  return { phase, reason, again }
}
