// Every message is in the catalogs, and every language has all of them: run `npm run messages`, and translate.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SOURCES = join(import.meta.dirname, '..')

/** A message as the code or a catalog has it, without escapes. */
const plain = (text: string) => text.replace(/\\(.)/g, '$1')

function catalog(language: string): Map<string, string> {
  const text = readFileSync(join(SOURCES, 'locales', language, 'messages.po'), 'utf8').replace(/"\n"/g, '')
  return new Map([...text.matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm)].map(([, id, message]) => [plain(id ?? ''), plain(message ?? '')]))
}

function messages(): Set<string> {
  const found = new Set<string>()
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) continue
    // Comments show how it is done.
    const text = readFileSync(join(SOURCES, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    for (const [, , message] of text.matchAll(/i18n\._\(\s*(['"`])((?:\\.|(?!\1).)+)\1/g)) found.add(plain(message ?? ''))
  }
  return found
}

it('has every message in the catalog', () => {
  const known = catalog('en')
  expect([...messages()].filter((message) => !known.has(message))).toEqual([])
})

it('has every message in Greek', () => {
  expect([...catalog('el')].filter(([, message]) => message === '').map(([id]) => id)).toEqual([])
})

/** Names of the values that a message takes. */
const values = (message: string) => new Set([...message.matchAll(/\{(\w+)(?=[,}])/g)].map(([, name]) => name))

it('takes the same values in Greek', () => {
  for (const [id, message] of catalog('el')) expect([id, [...values(message)].sort()]).toEqual([id, [...values(id)].sort()])
})
