import { defineConfig } from '@lingui/cli'

// Messages are written in English in the code: `i18n._('Start')`. `npm run messages` collects them.
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'el'],
  catalogs: [{ path: 'src/locales/{locale}/messages', include: ['src'] }],
  fallbackLocales: { default: 'en' },
  orderBy: 'messageId',
})
