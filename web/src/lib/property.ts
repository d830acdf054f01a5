// Property strings: `virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1`. Order is kept, so that what is not understood
// comes back as it was.

export type Properties = Map<string, string>

/** Reads a property string. A part without `=` stands for `defaultKey`. */
export function parseProperties(text: string, defaultKey = ''): Properties {
  const properties: Properties = new Map()
  for (const part of text.split(',')) {
    if (part === '') continue
    const at = part.indexOf('=')
    if (at < 0) properties.set(defaultKey, part)
    else properties.set(part.slice(0, at), part.slice(at + 1))
  }
  return properties
}

/** Writes a property string; what is `undefined` or empty is left out. The default key comes first, without its name. */
export function printProperties(properties: Iterable<readonly [string, string | undefined]>, defaultKey?: string): string {
  const parts: string[] = []
  for (const [key, value] of properties) {
    if (value === undefined || value === '') continue
    if (key === defaultKey || key === '') parts.unshift(value)
    else parts.push(`${key}=${value}`)
  }
  return parts.join(',')
}

/** A copy with some properties changed; `undefined` removes one. */
export function withProperties(properties: Properties, changes: Record<string, string | undefined>): Properties {
  const copy = new Map(properties)
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === '') copy.delete(key)
    else copy.set(key, value)
  }
  return copy
}
