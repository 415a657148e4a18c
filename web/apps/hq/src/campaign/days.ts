/** Days of a campaign: one time zone for all of China, whatever the browser's is. */

const dayMillis = 86_400_000
const offsetMillis = 8 * 3_600_000

/** `2026-11-25`, or nothing. Unix milliseconds. */
export function dayOf(at: number | undefined): string {
  return at === undefined ? '' : new Date(at + offsetMillis).toISOString().slice(0, 10)
}

/** When a day begins; undefined for none. */
export function beginOf(day: string): number | undefined {
  const at = Date.parse(`${day}T00:00:00+08:00`)
  return Number.isNaN(at) ? undefined : at
}

/** The last millisecond of a day; undefined for none. */
export function endOf(day: string): number | undefined {
  const at = beginOf(day)
  return at === undefined ? undefined : at + dayMillis - 1
}
