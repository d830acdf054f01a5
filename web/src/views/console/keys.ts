// Keys by X11 keysym and by DOM code, as VNC sends them.
import type RFB from '@novnc/novnc'

export type Key = readonly [keysym: number, code: string]

export const KEY: Record<string, Key> = {
  Ctrl: [0xffe3, 'ControlLeft'],
  Alt: [0xffe9, 'AltLeft'],
  Shift: [0xffe1, 'ShiftLeft'],
  Win: [0xffeb, 'MetaLeft'],
  Esc: [0xff1b, 'Escape'],
  Tab: [0xff09, 'Tab'],
  Enter: [0xff0d, 'Enter'],
  '↑': [0xff52, 'ArrowUp'],
  '↓': [0xff54, 'ArrowDown'],
  '←': [0xff51, 'ArrowLeft'],
  '→': [0xff53, 'ArrowRight'],
  Del: [0xffff, 'Delete'],
}

/** F1 to F12. */
export const functionKey = (n: number): Key => [0xffbd + n, `F${n}`]

/** Presses keys together and lets them go in reverse. */
export function press(rfb: RFB, ...keys: readonly Key[]): void {
  for (const [keysym, code] of keys) rfb.sendKey(keysym, code, true)
  for (const [keysym, code] of keys.toReversed()) rfb.sendKey(keysym, code, false)
}

const named = (...names: string[]): Key[] => names.map((name) => KEY[name]).filter((key) => key !== undefined)

export const COMBINATIONS: readonly { name: string; send: (rfb: RFB) => void }[] = [
  { name: 'Ctrl+Alt+Del', send: (rfb) => rfb.sendCtrlAltDel() },
  { name: 'Tab', send: (rfb) => press(rfb, ...named('Tab')) },
  { name: 'Alt+Tab', send: (rfb) => press(rfb, ...named('Alt', 'Tab')) },
  { name: 'Esc', send: (rfb) => press(rfb, ...named('Esc')) },
  { name: 'Win', send: (rfb) => press(rfb, ...named('Win')) },
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => ({
    name: `Ctrl+Alt+F${n}`,
    send: (rfb: RFB) => press(rfb, ...named('Ctrl', 'Alt'), functionKey(n)),
  })),
]

/** Keysym of a letter: Latin-1 as it is, other Unicode with its own flag. */
export function keysymOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0
  if (letter === '\n') return 0xff0d
  if (letter === '\t') return 0xff09
  return code < 0x100 ? code : 0x0100_0000 + code
}

/** Letters at a time: a guest's keyboard buffer is small. */
const AT_ONCE = 8

/** Types a text as a keyboard would. */
export async function typeText(rfb: RFB, text: string): Promise<void> {
  const letters = [...text]
  for (let at = 0; at < letters.length; at += AT_ONCE) {
    for (const letter of letters.slice(at, at + AT_ONCE)) rfb.sendKey(keysymOf(letter), null)
    await new Promise((done) => setTimeout(done, 30))
  }
}
