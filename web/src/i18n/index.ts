// Languages. Text in the code is English and its own key: `i18n._('Start')`, `i18n._('{n} guests', { n })`. Call it
// while drawing, never at the top of a module: the language may change.
import { i18n, type Messages } from '@lingui/core'
import { create } from 'zustand'
import { messages as english } from '../locales/en/messages.po'

export { i18n }

// English words are their own keys and are in no catalog of a build (tools/own-words.ts). Without this, Lingui warns on
// the console each time one is drawn, which takes longer than drawing it.
if (import.meta.env.PROD) i18n.setMessagesCompiler((text) => text as never)

export const LANGUAGES = { en: 'English', el: 'Ελληνικά' } as const
export type Language = keyof typeof LANGUAGES

const STORED = 'pleiad.language'

const loaders: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => Promise.resolve({ messages: english }),
  el: () => import('../locales/el/messages.po'),
}

export const useLanguage = create<{ language: Language }>(() => ({ language: 'en' }))

const known = (name: string | null | undefined): name is Language => name !== null && name !== undefined && name in LANGUAGES

/** The language that was chosen, or the browser's if we speak it. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED)
  if (known(stored)) return stored
  return navigator.languages.map((tag) => tag.split('-')[0]).find(known) ?? 'en'
}

/** Switches to a language and, if asked, remembers it. */
export async function setLanguage(language: Language, remember = false): Promise<void> {
  const { messages } = await loaders[language]()
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
  if (remember) localStorage.setItem(STORED, language)
  useLanguage.setState({ language })
}
