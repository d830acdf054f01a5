import { expect, it } from 'vitest'
import { sizeFrame, startTerminal, typedFrame } from './terminal'

it('counts bytes of what was typed', () => {
  expect(typedFrame('ls')).toBe('0:2:ls')
  expect(typedFrame('γ')).toBe('0:2:γ')
  expect(sizeFrame(80, 25)).toBe('1:80:25:')
})

function open() {
  const socket = { sent: [] as string[], closed: false, send: (text: string) => socket.sent.push(text), close: () => (socket.closed = true) } as unknown as WebSocket & { sent: string[]; closed: boolean }
  const seen: string[] = []
  let ready = false
  startTerminal(socket, { port: 5900, ticket: 'T', user: 'root@pam' }, (data) => seen.push(new TextDecoder().decode(data)), () => (ready = true))
  socket.onopen?.(new Event('open'))
  const hear = (text: string) => socket.onmessage?.({ data: new TextEncoder().encode(text).buffer } as MessageEvent)
  return { socket, seen, hear, isReady: () => ready }
}

it('shows what follows the acceptance, also in the same message', () => {
  const { socket, seen, hear, isReady } = open()
  expect(socket.sent).toEqual(['root@pam:T\n'])
  hear('OK\r\nlogin: ')
  hear('root')
  expect(isReady()).toBe(true)
  expect(seen).toEqual(['\r\nlogin: ', 'root'])
})

it('ends when the node does not accept', () => {
  const { socket, seen, hear, isReady } = open()
  hear('no')
  expect([socket.closed, isReady(), seen]).toEqual([true, false, []])
})
