import type RFB from '@novnc/novnc'
import { useRef, useState, type RefObject } from 'react'
import { i18n } from '../../i18n'
import { KEY, keysymOf, press, type Key } from './keys'
import classes from './Console.module.css'

const HELD = ['Ctrl', 'Alt', 'Shift', 'Win'] as const
const PRESSED = ['Esc', 'Tab', 'Enter', '↑', '↓', '←', '→', 'Del'] as const

/** Keys for screens without a keyboard; Ctrl, Alt and their like hold for the next key. */
export function TouchKeys({ rfb }: { rfb: RefObject<RFB | null> }) {
  const [held, setHeld] = useState<readonly string[]>([])
  const input = useRef<HTMLInputElement>(null)
  const send = (key: Key) => {
    const before = held.map((name) => KEY[name]).filter((one) => one !== undefined)
    if (rfb.current) press(rfb.current, ...before, key)
    setHeld([])
  }
  return (
    <div className={classes.keys} role="toolbar" aria-label={i18n._('Keys')}>
      <button type="button" className={classes.key} onClick={() => input.current?.focus()}>{i18n._('Keyboard')}</button>
      {/* Brings up the keyboard of a touch screen; each letter is sent and forgotten. */}
      <input
        ref={input}
        className={classes.hiddenInput}
        aria-label={i18n._('Type into the VM')}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        tabIndex={-1}
        value=""
        onChange={(event) => {
          for (const letter of event.currentTarget.value) send([keysymOf(letter), ''])
        }}
        onKeyDown={(event) => {
          if (event.key === 'Backspace') send([0xff08, 'Backspace'])
          if (event.key === 'Enter') send([0xff0d, 'Enter'])
        }}
      />
      {HELD.map((name) => (
        <button
          key={name}
          type="button"
          className={classes.key}
          aria-pressed={held.includes(name)}
          onClick={() => setHeld((old) => (old.includes(name) ? old.filter((one) => one !== name) : [...old, name]))}
        >
          {name}
        </button>
      ))}
      {PRESSED.map((name) => (
        <button key={name} type="button" className={classes.key} onClick={() => KEY[name] && send(KEY[name])}>{name}</button>
      ))}
    </div>
  )
}
