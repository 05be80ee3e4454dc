/** The languages that the report speaks. */
export const languages = ['ru', 'kk', 'en'] as const
export type Language = (typeof languages)[number]

export function isLanguage(text: string): text is Language {
  return languages.some(language => language === text)
}
