/** The language of the screens, and the catalogue's words in it. */
import { choiceLabel, type Language } from '@sansuiji/protocol'
import { formatDay, formatMoment } from '@sansuiji/ui'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

/** Words and dates in the language of now. Reactive when used in a template. */
export interface Speech {
  readonly t: (key: string, values?: Record<string, unknown>) => string
  readonly language: ComputedRef<Language>
  readonly toggle: () => void
  /** The catalogue's word for a value. */
  readonly choice: (table: string, column: string, code: string | null) => string
  readonly day: (at: number | null) => string
  readonly moment: (at: number | null) => string
}

export function useSpeech(): Speech {
  const { t, locale } = useI18n()
  const language = computed<Language>(() => (locale.value === 'en' ? 'en' : 'zh'))
  return {
    t: (key, values) => t(key, values ?? {}),
    language,
    toggle: () => {
      locale.value = language.value === 'zh' ? 'en' : 'zh'
    },
    choice: (table, column, code) => choiceLabel(table, column, code, language.value),
    day: (at) => formatDay(at, language.value),
    moment: (at) => formatMoment(at, language.value, new Date().getTime()),
  }
}
