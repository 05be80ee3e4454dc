/** What the report says, by language. A sentence that one of them lacks does not compile. */
import type { Language } from './language.js'
import { wordingEn } from './wording-en.js'
import { wordingKk } from './wording-kk.js'
import { type Forms, wordingRu } from './wording-ru.js'

export type Wording = typeof wordingRu
export type { Forms }

const wordings: Readonly<Record<Language, Wording>> = { ru: wordingRu, kk: wordingKk, en: wordingEn }

export function wordingIn(language: Language): Wording {
  return wordings[language]
}

/** Each language in its own words. */
export const languageNames: Readonly<Record<Language, string>> = {
  ru: 'Русский',
  kk: 'Қазақша',
  en: 'English',
}
