/** What dice show, as people type it: digit by digit, or all at once. */

/** Everybody's digits; an empty text where none stands yet. */
export type Cells = readonly (readonly string[])[]

/** The digits that a die can show. */
export function digitsOf(sides: number): string {
  return sides === 10 ? '0123456789' : '123456789'.slice(0, sides)
}

/** The digits of a text that a die can show; full-width ones count. */
export function cleanDigits(text: string, sides: number): string {
  const shown = digitsOf(sides)
  return Array.from(text.normalize('NFKC'))
    .filter((digit) => shown.includes(digit))
    .join('')
}

export function emptyCells(people: number, throws: number): Cells {
  return Array.from({ length: people }, () => Array.from({ length: throws }, () => ''))
}

export interface Spot {
  readonly person: number
  readonly throw: number
}

/** Puts digits in from a spot on, over the ends of rows. */
export function putDigits(cells: Cells, from: Spot, digits: string): Cells {
  const flat = cells.flat()
  const start = indexOf(cells, from)
  for (const [i, digit] of Array.from(digits).entries()) {
    if (start + i < flat.length) flat[start + i] = digit
  }
  const throws = cells[0]?.length ?? 0
  return cells.map((_, row) => flat.slice(row * throws, (row + 1) * throws))
}

/** The spot so many places on, or the nearest that there is. */
export function spotAfter(cells: Cells, from: Spot, places: number): Spot {
  const throws = cells[0]?.length ?? 1
  const last = cells.length * throws - 1
  const index = Math.min(Math.max(indexOf(cells, from) + places, 0), last)
  return { person: Math.floor(index / throws), throw: index % throws }
}

function indexOf(cells: Cells, { person, throw: at }: Spot): number {
  return person * (cells[0]?.length ?? 0) + at
}

/** Everybody's throws, or nothing as long as a digit is missing. */
export function throwsOf(
  people: readonly string[],
  cells: Cells,
): { by: string; digits: string }[] | undefined {
  if (cells.flat().includes('') || cells.length !== people.length) return undefined
  return people.map((by, i) => ({ by, digits: (cells[i] ?? []).join('') }))
}
