/**
 * A hybrid logical clock: 48 bits of Unix milliseconds and a 16-bit counter, so
 * that whoever has seen a write always writes at a higher time, however wrong
 * the phones' clocks are. Times are compared as numbers.
 */

/** A hybrid time of 64 bits. */
export type HybridTime = bigint

const counterBits = 16n
const millisMax = (1n << 48n) - 1n

/** The lowest hybrid time of a millisecond (Unix, UTC). Before 1970 counts as 1970. */
export function fromMillis(millis: number): HybridTime {
  const whole = BigInt(Math.trunc(millis))
  const clamped = whole < 0n ? 0n : whole > millisMax ? millisMax : whole
  return clamped << counterBits
}

/** The physical part, Unix milliseconds. */
export function millisOf(time: HybridTime): number {
  return Number(time >> counterBits)
}

/**
 * The time of a new event of someone whose last event or highest seen time is
 * `last`, with a wall clock that shows `nowMillis`.
 */
export function next(last: HybridTime, nowMillis: number): HybridTime {
  const wall = fromMillis(nowMillis)
  return last + 1n > wall ? last + 1n : wall
}
