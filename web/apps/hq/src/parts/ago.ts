/** How long ago something was, in words. */
import type { Language } from '@sansuiji/protocol'

const locales: Record<Language, string> = { zh: 'zh-Hant', en: 'en-GB' }

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** `3 分鐘前`, `3 minutes ago`; a moment in the future counts as now. Unix milliseconds. */
export function formatAgo(at: number, language: Language, nowMillis: number): string {
  const format = new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' })
  const past = Math.max(0, nowMillis - at)
  for (const [unit, millis] of units) {
    if (past >= millis) return format.format(-Math.floor(past / millis), unit)
  }
  return format.format(0, 'minute')
}
