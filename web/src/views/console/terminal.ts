// The terminal protocol of PVE on a web socket. To the node: `USER:TICKET\n`, then `0:LENGTH:TEXT` for what was typed,
// `1:COLUMNS:ROWS:` for a new size, `2` to keep the connection. From the node: `OK`, then plain bytes.

const encoder = new TextEncoder()

/** A frame with what was typed. Its length counts bytes, not letters. */
export const typedFrame = (text: string) => `0:${encoder.encode(text).length}:${text}`
export const sizeFrame = (columns: number, rows: number) => `1:${columns}:${rows}:`
export const KEEP_FRAME = '2'

/** How often the connection is kept alive. ms */
export const KEEP_EVERY_MS = 30_000

/** What a granted console needs to be opened. */
export interface Granted {
  port: number | string
  ticket: string
  user: string
}

/** Address of the web socket of a granted console. */
export function socketUrl(path: string, { port, ticket }: Pick<Granted, 'port' | 'ticket'>): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${location.host}/api2/json${path}/vncwebsocket?${new URLSearchParams({ port: String(port), vncticket: ticket })}`
}

/** Begins a terminal on an open web socket. `ready` is called when the node has accepted it. */
export function startTerminal(socket: WebSocket, granted: Granted, output: (data: Uint8Array) => void, ready: () => void): void {
  socket.binaryType = 'arraybuffer'
  let accepted = false
  socket.onopen = () => socket.send(`${granted.user}:${granted.ticket}\n`)
  socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
    let data = typeof event.data === 'string' ? encoder.encode(event.data) : new Uint8Array(event.data)
    if (!accepted) {
      // `OK`, perhaps with the first output behind it.
      if (data[0] !== 0x4f || data[1] !== 0x4b) {
        socket.close()
        return
      }
      accepted = true
      data = data.subarray(2)
      ready()
    }
    if (data.length > 0) output(data)
  }
}
