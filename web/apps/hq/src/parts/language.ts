/** The language on the screen. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Language } from '@sansuiji/protocol'

export function useLanguage(): ComputedRef<Language> {
  const { locale } = useI18n()
  return computed(() => (locale.value === 'en' ? 'en' : 'zh'))
}
