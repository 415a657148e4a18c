/** Moments to the second, for what is compared with other records. */
import type { Language } from '@sansuiji/protocol'

/** `2026-11-20 09:30:07` in the browser's time zone, the same in both languages. Unix milliseconds. */
export function formatExact(at: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const time = new Date(at)
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  const hour = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  return `${day} ${hour}`
}

const locales: Record<Language, string> = { zh: 'zh-Hant', en: 'en-GB' }

const units: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** How long something takes, in its largest unit: `3 天`, `12 minutes`. Milliseconds. */
export function formatSpan(millis: number, language: Language): string {
  const [unit, length] = units.find(([, one]) => millis >= one) ?? ['second', 1_000]
  const format = new Intl.NumberFormat(locales[language], {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  })
  return format.format(Math.floor(millis / length))
}
