// SMBIOS type 1: what the guest reads as the names on its case. Texts are in base64, where any character may be in them.
import { parseProperties, printProperties } from '../../../lib/property'

export const SMBIOS_TEXTS = ['manufacturer', 'product', 'version', 'serial', 'sku', 'family'] as const
export type Smbios = Record<'uuid' | (typeof SMBIOS_TEXTS)[number], string>

const encode = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
function decode(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0))
  } catch {
    return text
  }
}

export function readSmbios(value: string): Smbios {
  const parts = parseProperties(value)
  const plain = parts.get('base64') === '1' ? decode : (text: string) => text
  const of = (name: (typeof SMBIOS_TEXTS)[number]) => plain(parts.get(name) ?? '')
  return { uuid: parts.get('uuid') ?? '', manufacturer: of('manufacturer'), product: of('product'), version: of('version'), serial: of('serial'), sku: of('sku'), family: of('family') }
}

export function printSmbios(smbios: Smbios): string {
  const texts = SMBIOS_TEXTS.filter((name) => smbios[name] !== '')
  return printProperties([
    ['uuid', smbios.uuid],
    ...texts.map((name) => [name, encode(smbios[name])] as const),
    ['base64', texts.length > 0 ? '1' : undefined],
  ])
}
