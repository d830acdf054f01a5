// Uploads go on while one looks at other pages: they belong to the page as a whole, not to a dialog.
import { create } from 'zustand'
import { ApiError, csrfToken } from '../../api/call'
import type { Algorithm, Brought } from './files'

export interface Upload {
  id: number
  node: string
  storage: string
  content: Brought
  name: string
  file: File
  checksum?: { algorithm: Algorithm; text: string }
}

export interface Progress {
  upload: Upload
  /** Bytes that are sent. */
  sent: number
  /** When it began, ms since the epoch. */
  since: number
  cancel: () => void
}

export const useUploads = create<{ running: readonly Progress[] }>(() => ({ running: [] }))

let last = 0

const change = (id: number, part: Partial<Progress> | null) =>
  useUploads.setState(({ running }) => ({
    running: part ? running.map((one) => (one.upload.id === id ? { ...one, ...part } : one)) : running.filter((one) => one.upload.id !== id),
  }))

const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** Sends a file. Answers what the server says (the task that checks the file), or `null` when it was cancelled. Throws `ApiError`. */
export function startUpload(wanted: Omit<Upload, 'id'>): { id: number; answer: Promise<string | null> } {
  last += 1
  const upload = { ...wanted, id: last }
  const request = new XMLHttpRequest()
  const running = { upload, sent: 0, since: Date.now(), cancel: () => request.abort() }
  useUploads.setState((state) => ({ running: [...state.running, running] }))
  // Leaving the page would break it off: the browser asks.
  window.addEventListener('beforeunload', warn)
  const answer = send(request, upload, (sent) => change(upload.id, { sent })).finally(() => {
    change(upload.id, null)
    if (useUploads.getState().running.length === 0) window.removeEventListener('beforeunload', warn)
  })
  return { id: upload.id, answer }
}

function send(request: XMLHttpRequest, upload: Upload, progress: (sent: number) => void): Promise<string | null> {
  return new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => progress(Math.min(event.loaded, upload.file.size))
    request.onabort = () => resolve(null)
    request.onerror = () => reject(new ApiError(0, 'network error'))
    request.onload = () => {
      const body = parse(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(String(body.data ?? ''))
      else reject(new ApiError(request.status, body.message?.trim() || request.statusText || `HTTP ${request.status}`, body.errors))
    }
    request.open('POST', `/api2/json/nodes/${encodeURIComponent(upload.node)}/storage/${encodeURIComponent(upload.storage)}/upload`)
    request.setRequestHeader('CSRFPreventionToken', csrfToken())
    request.send(formOf(upload))
  })
}

function parse(text: string): { data?: unknown; message?: string; errors?: Record<string, string> } {
  try {
    return JSON.parse(text) as object
  } catch {
    return {}
  }
}

/** The form; the file comes last, because it is written while it arrives. */
export function formOf({ content, checksum, file, name }: Upload): FormData {
  const form = new FormData()
  form.append('content', content)
  if (checksum) {
    form.append('checksum-algorithm', checksum.algorithm)
    form.append('checksum', checksum.text)
  }
  form.append('filename', file, name)
  return form
}

/** Bytes a second so far, and seconds that are left; `undefined` while it is too early to say. */
export function speedOf({ sent, since, upload }: Progress, now: number): { rate?: number; left?: number } {
  const seconds = (now - since) / 1000
  if (seconds < 1 || sent === 0) return {}
  const rate = sent / seconds
  return { rate, left: (upload.file.size - sent) / rate }
}
