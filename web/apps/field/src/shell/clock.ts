/** How far the phone’s clock is off, as people say it. */

/** A clock this far off is worth a word. Milliseconds. */
const offMs = 5 * 60_000

/** Milliseconds. */
export const dayMs = 86_400_000

const units = [
  { unit: 'years', ms: 365 * 86_400_000 },
  { unit: 'days', ms: 86_400_000 },
  { unit: 'hours', ms: 3_600_000 },
  { unit: 'minutes', ms: 60_000 },
] as const

/** How far a clock is off, in the largest unit that fits. */
export interface ClockOff {
  readonly unit: (typeof units)[number]['unit']
  readonly n: number
}

/** How far the clock is off; null when near enough. */
export function clockOff(serverAheadMs: number): ClockOff | null {
  const off = Math.abs(serverAheadMs)
  const fits = off < offMs ? undefined : units.find(({ ms }) => off >= ms)
  return fits ? { unit: fits.unit, n: Math.round(off / fits.ms) } : null
}
