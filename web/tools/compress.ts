// Compressed forms of what was built, beside each file: the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(js|css|svg|json|webmanifest)$/
/** What saves less than this is not worth a second copy in the binary: bytes. */
const WORTH = 64

export function compress(): Plugin {
  let folder = ''
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!TEXT.test(name)) continue
        const file = join(folder, name)
        const plain = readFileSync(file)
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
        const forms = { gz: gzipSync(plain, { level: 9 }), br: brotliCompressSync(plain, { params }) }
        for (const [ending, form] of Object.entries(forms))
          if (form.length + WORTH < plain.length) writeFileSync(`${file}.${ending}`, form)
      }
    },
  }
}
