// Consoles in windows of their own. `target` is a VMID, or the name of a node for its shell.
import type { GuestKind } from '../../api/resources'

export type ConsoleKind = 'vnc' | 'term' | 'shell'

/** Opens a console beside the page. */
export function openConsoleWindow(target: number | string, kind: ConsoleKind): void {
  window.open(`/console/${encodeURIComponent(target)}/${kind}`, `console-${target}-${kind}`, 'popup,width=1024,height=800')
}

/** The console that a guest has first: a screen, or a terminal. */
export const firstConsole = (kind: GuestKind): ConsoleKind => (kind === 'qemu' ? 'vnc' : 'term')
