import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { compress } from './tools/compress.ts'
import { ownWords } from './tools/own-words.ts'
import { themeCss } from './tools/theme-css.ts'

// `npm run dev` serves the interface with a node's API behind it; PLEIAD_URL names that node.
const node = process.env.PLEIAD_URL ?? 'https://localhost:8006'

export default defineConfig({
  plugins: [react(), lingui(), ownWords(), themeCss(), compress()],
  build: {
    target: 'es2023',
    // The first load, before compression; `./dev bench web` says what it weighs.
    chunkSizeWarningLimit: 1100,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What every page needs comes in one file: a hundred small ones compress badly, and each costs a request. Consoles,
    // charts, wizards and most tabs are files of their own, loaded when they are wanted.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', tags: ['$initial'] }] } } },
  },
  server: { proxy: { '/api2': { target: node, secure: false, ws: true, changeOrigin: true, headers: { origin: new URL(node).origin } } } },
  test: { environment: 'happy-dom', setupFiles: ['src/test/setup.ts'], include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
})
