// English messages are their own keys: the English catalog needs only those that are more than their words, with values
// or plurals in them. What is not in a catalog is shown as it is.
import { runInNewContext } from 'node:vm'
import type { Plugin } from 'vite'

const CATALOG = /\/locales\/en\/messages\.po$/

/** Without the messages that say just what their key says. */
function withoutOwnWords(catalog: Record<string, unknown>): Record<string, unknown> {
  const said = (message: unknown) => (Array.isArray(message) && message.length === 1 ? message[0] : message)
  return Object.fromEntries(Object.entries(catalog).filter(([key, message]) => said(message) !== key))
}

/** Takes a compiled catalog, which is `JSON.parse` of a text, to one without them. */
export function ownWords(): Plugin {
  return {
    name: 'own-words',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!CATALOG.test(id)) return undefined
      const parsed = /JSON\.parse\((?<text>[^]*)\)/.exec(code)
      if (!parsed?.groups?.text) throw new Error('the English catalog is not compiled as it was: see tools/own-words.ts')
      const catalog = JSON.parse(String(runInNewContext(parsed.groups.text))) as Record<string, unknown>
      const less = `JSON.parse(${JSON.stringify(JSON.stringify(withoutOwnWords(catalog)))})`
      return { code: code.replace(parsed[0], () => less), map: null }
    },
  }
}
