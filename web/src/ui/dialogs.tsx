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
}

const useDialogs = create<{ open: Dialog[] }>(() => ({ open: [] }))
let last = 0

/** Opens a dialog; its body gets a function that closes it. */
export function openDialog(title: string, body: Dialog['body'], size?: string): void {
  last += 1
  useDialogs.setState(({ open }) => ({ open: [...open, { id: last, title, body, size }] }))
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
    setTimeout(() => remove(dialog.id), 100)
  }
  return (
    <Modal opened={opened} onClose={close} title={dialog.title} size={dialog.size} closeButtonProps={{ 'aria-label': i18n._('Close') }}>
      {dialog.body(close)}
    </Modal>
  )
}
