// A SPICE session is opened by a program of the desktop (virt-viewer), which is handed a file.
import { request } from '../../api/call'
import { offers } from '../../api/offers'
import { parseProperties } from '../../lib/property'

/** Whether a display has SPICE, by the option `vga`. */
export const hasSpice = (vga: string | undefined) =>
  offers('post /nodes/{node}/qemu/{vmid}/spiceproxy') && /^(qxl\d?|virtio(-gl)?)$/.test(parseProperties(vga ?? '', 'type').get('type') ?? '')

/** The file for the viewer. A value stays on its line, whatever it holds. */
export function viewerFile(session: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(session)
    .filter(([key, value]) => /^[\w-]+$/.test(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${String(value).replaceAll(/\r?\n/g, '\\n')}`)
  return ['[virt-viewer]', ...lines, ''].join('\n')
}

/** Asks for a session and hands the file to the browser. The node is asked by the name that this page has for it. */
export async function openSpice(guest: { node: string; vmid: number }): Promise<void> {
  const session = (await request('post', '/nodes/{node}/qemu/{vmid}/spiceproxy', { node: guest.node, vmid: guest.vmid, proxy: location.hostname })) as Record<string, unknown>
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([viewerFile(session)], { type: 'application/x-virt-viewer' }))
  link.download = `vm-${guest.vmid}.vv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
