/** Dates, numbers and places as people read them. Times are Unix milliseconds. */
import type { Language } from '@sansuiji/protocol'

const locales: Record<Language, string> = { zh: 'zh-Hant-CN', en: 'en-GB' }

/** A day: 2026年11月23日, 23 Nov 2026. Nothing for no time. */
export function formatDay(at: number | null | undefined, language: Language): string {
  if (at === null || at === undefined) return ''
  const options: Intl.DateTimeFormatOptions =
    language === 'zh' ? { dateStyle: 'long' } : { dateStyle: 'medium' }
  return new Intl.DateTimeFormat(locales[language], options).format(at)
}

/** A moment to the minute, without the year when it is this one's. */
export function formatMoment(
  at: number | null | undefined,
  language: Language,
  nowMillis: number,
): string {
  if (at === null || at === undefined) return ''
  const sameYear = new Date(at).getFullYear() === new Date(nowMillis).getFullYear()
  return new Intl.DateTimeFormat(locales[language], {
    ...(sameYear ? {} : { year: 'numeric' }),
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** A number with its thousands parted. */
export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(value)
}

/** WGS 84 degrees times ten million as degrees to five places, latitude first. */
export function formatPlace(latitudeE7: number, longitudeE7: number): string {
  return `${(latitudeE7 / 1e7).toFixed(5)}, ${(longitudeE7 / 1e7).toFixed(5)}`
}
