/// <reference types="vite/client" />
declare module 'virtual:theme.css'
declare module '@novnc/novnc' {
  export interface RFBOptions {
    shared?: boolean
    credentials?: { username?: string; password?: string; target?: string }
    wsProtocols?: string[]
  }
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, url: string | WebSocket, options?: RFBOptions)
    scaleViewport: boolean
    resizeSession: boolean
    clipViewport: boolean
    viewOnly: boolean
    focusOnClick: boolean
    showDotCursor: boolean
    background: string
    qualityLevel: number
    compressionLevel: number
    sendKey(keysym: number, code: string | null, down?: boolean): void
    sendCtrlAltDel(): void
    sendCredentials(credentials: { password?: string }): void
    clipboardPasteFrom(text: string): void
    focus(): void
    blur(): void
    disconnect(): void
  }
}
