/** Integers that a `number` has exactly, and what is done with them without fractions. */

/** The largest integer that every program reads the same: 2^53-1. */
export const integerMax = Number.MAX_SAFE_INTEGER

/** ⌊a/b⌋; a ≥ 0, b ≥ 1. */
export function quotient(a: number, b: number): number {
  return (a - (a % b)) / b
}

/** ⌊a·b/c⌋, which must be at most 2^53-1, though a·b may be more; c ≥ 1. */
export function scaled(a: number, b: number, c: number): number {
  const product = a * b
  if (product <= integerMax) return quotient(product, c)
  return Number((BigInt(a) * BigInt(b)) / BigInt(c))
}

/** Reads a decimal integer of at most 2^53-1 in size, without a plus sign or needless zeros. */
export function parseInteger(text: string): number | undefined {
  if (!/^(?:0|-?[1-9][0-9]*)$/.test(text)) return undefined
  const n = Number(text)
  return Number.isSafeInteger(n) ? n : undefined
}
