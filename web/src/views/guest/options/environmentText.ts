// Variables that the first program of a container gets: kept separated by NUL, edited as lines.

export const environmentLines = (value: string) => value.split('\0').join('\n')

export const environmentValue = (lines: string) => lines.split('\n').map((line) => line.trim()).filter((line) => line !== '').join('\0')

/** The first line that is no variable, from 1 on; nothing if all are. */
export function wrongLine(lines: string): number | undefined {
  const at = lines.split('\n').findIndex((line) => line.trim() !== '' && !/^\s*\w+=/.test(line))
  return at < 0 ? undefined : at + 1
}
