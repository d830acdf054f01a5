// Names of files in storages: what may be brought, and what it is called then.

/** Kinds of content whose files can be brought. */
export type Brought = 'iso' | 'vztmpl' | 'import'

/** Endings that files of a kind may have. */
export const ENDINGS: Readonly<Record<Brought, readonly string[]>> = {
  iso: ['.iso', '.img'],
  vztmpl: ['.tar', '.tar.gz', '.tar.xz', '.tar.zst', '.tar.bz2'],
  import: ['.ova', '.qcow2', '.raw', '.vmdk'],
}

export const isBrought = (content: string): content is Brought => content in ENDINGS

/** The name that the server gives a file: what follows the last slash, everything unusual as `_`. */
export const cleanName = (name: string): string => (name.split(/[/\\]/).pop() ?? '').replace(/[^A-Za-z0-9_.-]/gu, '_')

/** Whether the name may be one of that kind. */
export function fits(content: Brought, name: string): boolean {
  const clean = cleanName(name).toLowerCase()
  return clean.length <= 255 && ENDINGS[content].some((ending) => clean.length > ending.length && clean.endsWith(ending))
}

/** The name of a file that is packed, without the ending that says so; with the method. */
export function unpacked(name: string): { name: string; compression: string | null } {
  const match = /\.(gz|zst|bz2|lzo)$/i.exec(name)
  const compression = match?.[1]?.toLowerCase() ?? null
  return { name: match ? name.slice(0, -match[0].length) : name, compression }
}

export const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

const HEX_DIGITS: Readonly<Record<Algorithm, number>> = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 }

/** Whether a text is a checksum by that algorithm. */
export const isChecksum = (algorithm: Algorithm, text: string) => new RegExp(`^[0-9a-f]{${HEX_DIGITS[algorithm]}}$`, 'i').test(text)

/** The algorithm whose checksums have that form, to spare a choice. */
export const algorithmOf = (text: string): Algorithm | undefined => ALGORITHMS.find((algorithm) => isChecksum(algorithm, text))

/** A volume's name without its storage: `iso/a.iso`. */
export const volumeName = (volid: string) => volid.slice(volid.indexOf(':') + 1)

/** The name of the file, without directories: `a.iso`. */
export const fileName = (volid: string) => volumeName(volid).split('/').pop() ?? volid
