/** Dice of the village, as a form holds them. */

/** What one person threw. */
export interface ThrowForm {
  by: string
  digits: string
}

/** Somebody who has not thrown yet. */
export function emptyThrow(): ThrowForm {
  return { by: '', digits: '' }
}

/** How many digits were written down in all. */
export function digitsIn(throws: readonly ThrowForm[]): number {
  return throws.reduce((sum, { digits }) => sum + digits.replace(/\s/g, '').length, 0)
}
