// Writes src/api/schema.d.ts, the types of the API, and src/api/offered.ts, what of it there is, from what
// `pleiad openapi` prints on standard input.
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

/** Options of a schema that are known but refused: `tpmstate0`, `net[n]:rate`. */
function refused({ properties = {}, patternProperties = {} }) {
  const fixed = Object.entries(properties)
  // Of the pattern `^net[0-9]+$` the name is of interest.
  const indexed = Object.entries(patternProperties).map(([pattern, schema]) => [pattern.replace(/^\^(.*)\[0-9\]\+\$$/, '$1[n]'), schema])
  return [...fixed, ...indexed].flatMap(([key, schema]) => [
    ...(schema['x-unsupported'] ? [key] : []),
    ...Object.entries(schema['x-properties'] ?? {}).filter(([, inner]) => inner['x-unsupported']).map(([name]) => `${key}:${name}`),
  ])
}

const CONFIG = '/nodes/{node}/qemu/{vmid}/config'
const CONTAINER = '/nodes/{node}/lxc/{vmid}/config'

/** What views ask about before they offer it: methods around guests, and options and parameters that are refused. */
function offered({ paths }) {
  const asked = /\/(qemu|lxc|hardware|mapping|disks|scan|capabilities|import-metadata|query-oci-repo-tags|oci-registry-pull)(\/|$)/
  const methods = Object.entries(paths).flatMap(([path, verbs]) =>
    asked.test(path) && !path.includes('/agent/') ? ['get', 'put', 'post', 'delete'].filter((verb) => verbs[verb]).map((verb) => [`${verb} ${path}`, verbs[verb]]) : [])
  const body = (method) => method.requestBody?.content['application/json'].schema ?? {}
  const parameters = methods.filter(([name]) => name.startsWith('post') && !/\/(qemu|lxc)$/.test(name) && !name.endsWith(CONFIG)).flatMap(([name, method]) => refused(body(method)).map((key) => `${name} ${key}`))
  const list = (name, of) => `export const ${name}: ReadonlySet<string> = new Set([\n${of.sort().map((one) => `  '${one}',\n`).join('')}])\n`
  return list('REFUSED', [...refused(body(paths[CONFIG].put)), ...refused(body(paths[CONTAINER].put)).map((key) => `lxc ${key}`), ...parameters]) + list('METHODS', methods.map(([name]) => name))
}

const whole = JSON.parse(await text(process.stdin))
const nodes = await openapiTS(types(whole), { alphabetize: true, defaultNonNullable: false, emptyObjectsUnknown: true })
const head = '// Made by `npm run api` from `pleiad openapi`; do not edit.\n/* eslint-disable */\n'
const write = (name, body) => writeFileSync(new URL(`../src/api/${name}`, import.meta.url), head + body)
write('schema.d.ts', astToString(nodes))
write('offered.ts', offered(whole))
