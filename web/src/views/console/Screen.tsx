// The screen of a VM over VNC.
import RFB from '@novnc/novnc'
import { Button, Modal, Textarea } from '@mantine/core'
import { IconClipboard, IconKeyboard, IconMaximize } from '@tabler/icons-react'
import { useCallback, useRef, useState, type ReactNode } from 'react'
import { call } from '../../api/call'
import { i18n } from '../../i18n'
import { ConsoleFrame, Tool, ToolMenu } from './Frame'
import { TouchKeys } from './TouchKeys'
import { COMBINATIONS, typeText } from './keys'
import { socketUrl } from './terminal'
import { useReconnect } from './useReconnect'
import classes from './Console.module.css'

interface Props {
  node: string
  vmid: number
  off?: ReactNode
  tools?: ReactNode
  detach?: () => void
}

export default function Screen({ node, vmid, off, tools, detach }: Props) {
  const target = useRef<HTMLDivElement>(null)
  const rfb = useRef<RFB | null>(null)
  const [scaled, setScaled] = useState(true)
  const [pasting, setPasting] = useState(false)
  const [copied, setCopied] = useState('')
  const scale = useRef(true)
  const connect = useCallback(
    async (opened: () => void, lost: (reason: string) => void) => {
      const granted = await call('post', '/nodes/{node}/qemu/{vmid}/vncproxy', { node, vmid, websocket: 1 })
      if (!target.current) return () => {}
      const own = new RFB(target.current, socketUrl(`/nodes/${node}/qemu/${vmid}`, granted), {
        credentials: { password: granted.password ?? '' },
      })
      own.scaleViewport = scale.current
      own.background = '#0d0e10'
      own.showDotCursor = true
      own.addEventListener('connect', () => {
        opened()
        own.focus()
      })
      own.addEventListener('clipboard', (event) => setCopied((event as CustomEvent<{ text: string }>).detail.text))
      const ended = (event: Event) => {
        const clean = (event as CustomEvent<{ clean: boolean }>).detail.clean
        lost(clean ? i18n._('The VM closed its screen.') : i18n._('The connection has ended.'))
      }
      own.addEventListener('disconnect', ended)
      rfb.current = own
      return () => {
        own.removeEventListener('disconnect', ended)
        own.disconnect()
        rfb.current = null
      }
    },
    [node, vmid],
  )
  const connection = useReconnect(!off, connect)
  const toggleScale = () => {
    scale.current = !scaled
    if (rfb.current) {
      rfb.current.scaleViewport = !scaled
      rfb.current.clipViewport = scaled
    }
    setScaled(!scaled)
  }
  const paste = (text: string) => {
    setPasting(false)
    if (rfb.current) void typeText(rfb.current, text)
    rfb.current?.focus()
  }
  const bar = (
    <>
      <ToolMenu
        label={i18n._('Send keys')}
        icon={<IconKeyboard size={16} />}
        items={COMBINATIONS.map(({ name, send }) => ({ label: name, run: () => rfb.current && send(rfb.current) }))}
      />
      <Tool label={i18n._('Clipboard')} run={() => setPasting(true)}><IconClipboard size={16} /></Tool>
      <Tool label={i18n._('Fit to the window')} run={toggleScale} active={scaled}><IconMaximize size={16} /></Tool>
      {tools}
    </>
  )
  return (
    <ConsoleFrame connection={connection} off={off} tools={bar} detach={detach} keys={<TouchKeys rfb={rfb} />}>
      <div ref={target} className={classes.target} role="application" aria-label={i18n._('Screen of VM {vmid}', { vmid })} />
      <Clipboard opened={pasting} close={() => setPasting(false)} copied={copied} paste={paste} />
    </ConsoleFrame>
  )
}

/** Text from the guest, and text to be typed into it: guests without an agent know no other paste. */
function Clipboard({ opened, close, copied, paste }: { opened: boolean; close: () => void; copied: string; paste: (text: string) => void }) {
  const [text, setText] = useState('')
  return (
    <Modal opened={opened} onClose={close} title={i18n._('Clipboard')} withinPortal={false} closeButtonProps={{ 'aria-label': i18n._('Close') }}>
      <Textarea label={i18n._('Text to type into the VM')} autosize minRows={4} maxRows={12} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
      <Button mt="sm" onClick={() => paste(text)} disabled={text === ''}>{i18n._('Type it')}</Button>
      {copied !== '' && <Textarea mt="sm" label={i18n._('Copied in the VM')} readOnly autosize maxRows={12} value={copied} />}
    </Modal>
  )
}
