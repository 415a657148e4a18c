/**
 * The screens speak Chinese unless a person switched to English. Each app brings
 * its words; the words both share are here.
 */
import { watchEffect } from 'vue'
import { createI18n, type I18n } from 'vue-i18n'

import type { Language } from '@sansuiji/protocol'

import type { Preferences } from './preference'
import { en, zh } from './words'

/** Words by name, in any depth. */
export interface Words {
  readonly [name: string]: string | Words
}

export type AppI18n = I18n<
  Record<string, never>,
  Record<string, never>,
  Record<string, never>,
  string,
  false
>

/** Sets up the words of an app on top of the shared ones, in the remembered language. */
export function createWords(words: Record<Language, Words>, preferences: Preferences): AppI18n {
  const i18n = createI18n({
    legacy: false,
    locale: preferences.get('language') === 'en' ? 'en' : 'zh',
    fallbackLocale: 'zh',
    messages: { zh: { ...zh, ...words.zh }, en: { ...en, ...words.en } },
  }) as unknown as AppI18n
  watchEffect(() => {
    const language = languageOf(i18n)
    preferences.set('language', language)
    document.documentElement.lang = language === 'zh' ? 'zh-Hant' : 'en'
  })
  return i18n
}

/** The language shown now. Reactive. */
export function languageOf(i18n: AppI18n): Language {
  return i18n.global.locale.value === 'en' ? 'en' : 'zh'
}

/** Shows the other language. */
export function switchLanguage(i18n: AppI18n): void {
  i18n.global.locale.value = languageOf(i18n) === 'zh' ? 'en' : 'zh'
}
