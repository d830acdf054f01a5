import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { compress } from './tools/compress.ts'
import { themeCss } from './tools/theme-css.ts'

// `npm run dev` serves the interface with a node's API behind it; PLEIAD_URL names that node.
const node = process.env.PLEIAD_URL ?? 'https://localhost:8006'

export default defineConfig({
  plugins: [react(), lingui(), themeCss(), compress()],
  build: {
    target: 'es2023',
    // A chunk of its own for each console and chart library: the first load has none of them.
    chunkSizeWarningLimit: 600,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api2': { target: node, secure: false, ws: true, changeOrigin: true, headers: { origin: new URL(node).origin } } } },
  test: { environment: 'happy-dom', setupFiles: ['src/test/setup.ts'], include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
})
