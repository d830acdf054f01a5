// Dialogs can be opened from anywhere: a menu, a palette, a table row.
import { Modal } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { create } from 'zustand'
import { i18n } from '../i18n'

interface Dialog {
  id: number
  title: string
  size?: string
  body: (close: () => void) => ReactNode
  /** What had the focus before. */
  opener: HTMLElement | null
}

const useDialogs = create<{ open: Dialog[] }>(() => ({ open: [] }))
let last = 0

/** What opens a dialog: the button of a menu rather than its item, which is gone afterwards. */
function openerNow(): HTMLElement | null {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || at === document.body) return null
  const menu = at.closest('[role=menu]')
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : at
}

/** Who works by keyboard goes on where he was. */
function giveBack(opener: HTMLElement | null) {
  // What was opened since then has the focus, or is about to take it.
  if (document.activeElement !== document.body || document.querySelector('[role=dialog]')) return
  const target = opener?.isConnected ? opener : document.getElementById('content')
  target?.focus({ preventScroll: true })
}

/** Opens a dialog; its body gets a function that closes it. */
export function openDialog(title: string, body: Dialog['body'], size?: string): void {
  last += 1
  useDialogs.setState(({ open }) => ({ open: [...open, { id: last, title, body, size, opener: openerNow() }] }))
}

const remove = (id: number) => useDialogs.setState(({ open }) => ({ open: open.filter((one) => one.id !== id) }))

/** Where open dialogs are drawn; once in the page. */
export function Dialogs() {
  const open = useDialogs((state) => state.open)
  return open.map((dialog) => <Shown key={dialog.id} dialog={dialog} />)
}

function Shown({ dialog }: { dialog: Dialog }) {
  const [opened, setOpened] = useState(false)
  // Opened after it is drawn, so that focus moves into it.
  useEffect(() => setOpened(true), [])
  const close = () => {
    setOpened(false)
    setTimeout(() => {
      remove(dialog.id)
      // When it is gone from the page: it counts as open until then.
      setTimeout(() => giveBack(dialog.opener), 0)
    }, 150)
  }
  return (
    <Modal opened={opened} onClose={close} title={dialog.title} size={dialog.size} closeButtonProps={{ 'aria-label': i18n._('Close') }}>
      {dialog.body(close)}
    </Modal>
  )
}
