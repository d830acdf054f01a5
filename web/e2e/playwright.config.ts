// Started by run.py, which has the node and its guests ready.
import { defineConfig } from '@playwright/test'
import { mkdirSync } from 'node:fs'

const results = '../../.dev/playwright'
mkdirSync(new URL(`${results}/`, import.meta.url), { recursive: true })

export default defineConfig({
  testDir: '.',
  outputDir: results,
  // One node, two cores: the tests change it, one after the other.
  workers: 1,
  timeout: 60_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: process.env.PLEIAD_URL,
    // The node's own authority signed its certificate.
    ignoreHTTPSErrors: true,
    actionTimeout: 10_000,
    screenshot: 'only-on-failure',
    locale: 'en-US',
    // Colours are looked at when they have arrived, not on their way.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1440, height: 900 } }, testIgnore: /phone\.spec/ },
    { name: 'phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, testMatch: /(phone|views)\.spec/ },
  ],
})
