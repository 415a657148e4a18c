/**
 * Marks over a photo, as the column `marks` has them: a JSON array of
 * `{"kind":"arrow"|"box","from":[x,y],"to":[x,y]}` and `{"kind":"text","at":[x,y],"text":"…"}`.
 * x and y are ten-thousandths of the picture's width and height, integers.
 */

/** A point: ten-thousandths of width and height. */
export type MarkPoint = readonly [number, number]

/** One mark. An arrow points at `to`. */
export type Mark =
  | { readonly kind: 'arrow' | 'box'; readonly from: MarkPoint; readonly to: MarkPoint }
  | { readonly kind: 'text'; readonly at: MarkPoint; readonly text: string }

/** What a picture may carry. */
export const marksMax = 50
export const markTextMax = 60

const whole = 10_000

/** A point of a picture, from fractions of its width and height. */
export function markPoint(x: number, y: number): MarkPoint {
  const part = (fraction: number) => Math.round(Math.min(1, Math.max(0, fraction)) * whole)
  return [part(x), part(y)]
}

/** Reads marks; what is none of ours is left out. */
export function readMarks(text: string | null): readonly Mark[] {
  try {
    const all: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(all) ? all.filter(isMark).slice(0, marksMax) : []
  } catch {
    return []
  }
}

/** Writes marks; nothing for none. */
export function writeMarks(marks: readonly Mark[]): string | null {
  return marks.length === 0 ? null : JSON.stringify(marks.slice(0, marksMax))
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false
  const { kind, from, to, at, text } = value as Readonly<Record<string, unknown>>
  if (kind === 'arrow' || kind === 'box') return isPoint(from) && isPoint(to)
  return kind === 'text' && isPoint(at) && typeof text === 'string'
}

function isPoint(value: unknown): value is MarkPoint {
  return Array.isArray(value) && value.length === 2 && value.every(isPart)
}

function isPart(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= whole
}
