// Flags of a processor, as they are written: `+aes;-pcid`.
export type Flag = '+' | '-' | ''

/** What is set for each flag, in its order. */
export function readFlags(text: string): Map<string, Flag> {
  return new Map(
    text.split(';').flatMap((part): [string, Flag][] => {
      const sign = part[0]
      return sign === '+' || sign === '-' ? [[part.slice(1), sign]] : []
    }),
  )
}

/** The text with one flag switched on, off, or left to the model. */
export function withFlag(text: string, flag: string, to: Flag): string {
  const flags = readFlags(text)
  if (to === '') flags.delete(flag)
  else flags.set(flag, to)
  return [...flags].map(([name, sign]) => sign + name).join(';')
}

/** A machine's chipset, and its version if it is pinned to one. */
export function readMachine(type: string): { chipset: 'pc' | 'q35' | 'virt'; version: string } {
  const chipset = type.includes('q35') ? 'q35' : type.startsWith('virt') ? 'virt' : 'pc'
  return { chipset, version: /-\d/.test(type) ? type : '' }
}
