// Names as the API takes them, so that a form can say what is wrong before it is sent.

/** `name@realm`. */
export const isUserid = (text: string) => /^[^\s:/]+@[A-Za-z][A-Za-z0-9._-]+$/.test(text) && text.length <= 64
/** Names of groups and roles. */
export const isPlainName = (text: string) => /^[A-Za-z0-9._-]+$/.test(text)
/** Names of tokens and realms. */
export const isTokenName = (text: string) => /^[A-Za-z][A-Za-z0-9._-]+$/.test(text)
/** Names of pools, at most three levels deep. */
export const isPoolName = (text: string) => /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+){0,2}$/.test(text)
/** Names of storages. */
export const isStorageName = (text: string) => /^[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]$/.test(text)
/** What looks like a mail address; the server decides. */
export const isMail = (text: string) => /^[^\s@]+@[^\s@]+$/.test(text)
/** Directories of storages: absolute, not the root, nothing that leads elsewhere. */
export const isDirectory = (text: string) =>
  /^\/[^,\n]+$/.test(text) && !text.split('/').includes('..') && text.replaceAll('/', '') !== ''

const NAME = /^[A-Za-z0-9._-]+$/

/** The one spelling of a path of access control, or `null` if rights cannot be given there. */
export function aclPath(text: string): string | null {
  const parts = text.split('/').filter((part) => part !== '')
  if (!parts.every((part) => NAME.test(part))) return null
  const path = `/${parts.join('/')}`
  return exists(parts) ? path : null
}

function exists([area, ...rest]: string[]): boolean {
  switch (area) {
    case undefined: return true
    case 'access': return rest.length === 0 || (['groups', 'realm'].includes(rest[0] ?? '') && rest.length <= 2)
    case 'nodes': case 'storage': return rest.length <= 1
    case 'mapping': return rest.length <= 2
    case 'pool': return rest.length <= 3
    case 'vms': return rest.length === 0 || (rest.length === 1 && /^[1-9]\d{2,8}$/.test(rest[0] ?? ''))
    case 'sdn': return rest.length <= 4
    default: return false
  }
}

/** Paths above a path, from the root down: what is given there may hold here, too. */
export function pathsAbove(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return parts.map((_, depth) => `/${parts.slice(0, depth).join('/')}`)
}

/** A list as the API writes it: separated by commas, semicolons or blanks. */
export const words = (text: string | undefined | null): string[] => (text ?? '').split(/[\s,;]+/).filter((word) => word !== '')
