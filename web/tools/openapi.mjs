// Writes src/api/schema.d.ts, the types of the API, from what `pleiad openapi` prints on standard input.
// Prose and limits are left out: types need neither, and the file changes only when an interface does.
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import openapiTS, { astToString } from 'openapi-typescript'

const PROSE = new Set(['description', 'format', 'pattern', 'default', 'minimum', 'maximum', 'minLength', 'maxLength', 'x-pleiad'])

/** The same document without prose. Properties that merely have such a name are schemas, not prose: those are objects. */
function types(value) {
  if (Array.isArray(value)) return value.map(types)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'x-pleiad' && (!PROSE.has(key) || (typeof inner === 'object' && inner !== null)))
      .map(([key, inner]) => [key, types(inner)]),
  )
}

const document = types(JSON.parse(await text(process.stdin)))
const nodes = await openapiTS(document, { alphabetize: true, defaultNonNullable: false, emptyObjectsUnknown: true })
const head = '// Made by `npm run api` from `pleiad openapi`; do not edit.\n/* eslint-disable */\n'
writeFileSync(new URL('../src/api/schema.d.ts', import.meta.url), head + astToString(nodes))
