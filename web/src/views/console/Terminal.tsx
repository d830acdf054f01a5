// A terminal: of a container, a VM's serial port, or the node's shell.
import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm } from '@xterm/xterm'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { request } from '../../api/call'
import { i18n } from '../../i18n'
import { ConsoleFrame } from './Frame'
import { KEEP_EVERY_MS, KEEP_FRAME, sizeFrame, socketUrl, startTerminal, typedFrame, type Granted } from './terminal'
import { useReconnect } from './useReconnect'
import classes from './Console.module.css'

interface Props {
  /** API path of what the console belongs to: `/nodes/n1/lxc/101`. */
  path: string
  /** Parameters of its `termproxy`. */
  params?: Record<string, string>
  /** What it is, for those who do not see it. */
  label: string
  /** What to say instead, when there can be no console now. */
  off?: ReactNode
  tools?: ReactNode
  detach?: () => void
}

const NO_PARAMS: Record<string, string> = {}

export default function Terminal({ path, params = NO_PARAMS, label, off, tools, detach }: Props) {
  const [screen, setScreen] = useState<Xterm | null>(null)
  const socket = useRef<WebSocket | null>(null)
  const control = useRef(false)
  const type = useCallback((text: string) => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(typedFrame(text))
  }, [])
  const target = useXterm(label, setScreen)
  const connect = useCallback(
    async (opened: () => void, lost: (reason: string) => void) => {
      if (!screen) return () => {}
      const granted = (await request('post', `${path}/termproxy`, params)) as Granted
      const own = new WebSocket(socketUrl(path, granted))
      socket.current = own
      const keep = setInterval(() => own.readyState === WebSocket.OPEN && own.send(KEEP_FRAME), KEEP_EVERY_MS)
      startTerminal(own, granted, (data) => screen.write(data), () => {
        screen.reset()
        own.send(sizeFrame(screen.cols, screen.rows))
        opened()
        screen.focus()
      })
      own.onclose = () => {
        clearInterval(keep)
        lost(i18n._('The connection has ended.'))
      }
      return () => {
        clearInterval(keep)
        own.onclose = null
        own.close()
      }
    },
    [path, params, screen],
  )
  const connection = useReconnect(screen !== null && !off, connect)
  useEffect(() => {
    if (!screen) return
    const typed = screen.onData((text) => {
      // The key bar's Ctrl holds for one letter.
      const letter = text.toUpperCase().charCodeAt(0)
      type(control.current && text.length === 1 && letter >= 64 && letter < 96 ? String.fromCharCode(letter - 64) : text)
      control.current = false
    })
    const sized = screen.onResize(({ cols, rows }) => {
      if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(sizeFrame(cols, rows))
    })
    return () => {
      typed.dispose()
      sized.dispose()
    }
  }, [screen, type])
  const keys = (
    <KeyBar
      press={(sequence) => {
        type(sequence)
        screen?.focus()
      }}
      control={() => {
        control.current = true
        screen?.focus()
      }}
    />
  )
  return (
    <ConsoleFrame connection={connection} off={off} tools={tools} detach={detach} keys={keys}>
      <div ref={target} className={classes.terminal} />
    </ConsoleFrame>
  )
}

/** A terminal in an element; it always fills the element. */
function useXterm(label: string, ready: (screen: Xterm | null) => void) {
  const target = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!target.current) return
    const own = new Xterm({
      cursorBlink: true,
      fontSize: 14,
      fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
      scrollback: 5000,
      screenReaderMode: false,
      theme: { background: '#0d0e10' },
    })
    const fit = new FitAddon()
    own.loadAddon(fit)
    own.open(target.current)
    own.textarea?.setAttribute('aria-label', label)
    const fill = () => fit.fit()
    fill()
    const observer = new ResizeObserver(fill)
    observer.observe(target.current)
    ready(own)
    return () => {
      observer.disconnect()
      own.dispose()
      ready(null)
    }
  }, [label, ready])
  return target
}

const KEYS: readonly (readonly [name: string, sequence: string])[] = [
  ['Esc', '\x1b'], ['Tab', '\t'], ['↑', '\x1b[A'], ['↓', '\x1b[B'], ['←', '\x1b[D'], ['→', '\x1b[C'],
  ['^C', '\x03'], ['^D', '\x04'], ['^Z', '\x1a'], ['PgUp', '\x1b[5~'], ['PgDn', '\x1b[6~'], ['|', '|'], ['/', '/'], ['-', '-'], ['~', '~'],
]

function KeyBar({ press, control }: { press: (sequence: string) => void; control: () => void }) {
  return (
    <div className={classes.keys} role="toolbar" aria-label={i18n._('Keys')}>
      <button type="button" className={classes.key} onClick={control}>Ctrl</button>
      {KEYS.map(([name, sequence]) => (
        <button key={name} type="button" className={classes.key} onClick={() => press(sequence)}>{name}</button>
      ))}
    </div>
  )
}
