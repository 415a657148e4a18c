/** Arrows, boxes and words over a picture, which itself stays as it is. */

/** A point of a picture, from 0 to 1 of its width and height. */
export interface Spot {
  readonly x: number
  readonly y: number
}

export interface Mark {
  readonly kind: 'arrow' | 'box' | 'text'
  readonly from: Spot
  readonly to: Spot
  readonly text: string
}

/** They came from a phone; no picture has more. */
const [marksMax, textMax] = [200, 100]

/**
 * The marks of an attachment: arrows and boxes with `from` and `to`, words with `at`.
 * What is not known is left out.
 */
export function marksOf(json: string): readonly Mark[] {
  if (json === '') return []
  try {
    const read: unknown = JSON.parse(json)
    return Array.isArray(read) ? read.slice(0, marksMax).flatMap(markOf) : []
  } catch {
    return []
  }
}

function markOf(value: unknown): readonly Mark[] {
  if (typeof value !== 'object' || value === null) return []
  const { kind, from, to, at, text } = value as Readonly<Record<string, unknown>>
  const begin = pointOf(kind === 'text' ? at : from)
  const end = pointOf(to)
  const words = typeof text === 'string' ? text.slice(0, textMax) : ''
  if (begin === undefined) return []
  if (kind === 'text') return words === '' ? [] : [{ kind, from: begin, to: begin, text: words }]
  if ((kind !== 'arrow' && kind !== 'box') || end === undefined) return []
  return [{ kind, from: begin, to: end, text: words }]
}

/** Phones write points as ten-thousandths of width and height. */
const pointWhole = 10_000

function pointOf(value: unknown): Spot | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [x, y] = value as readonly unknown[]
  if (typeof x !== 'number' || typeof y !== 'number') return undefined
  return { x: share(x), y: share(y) }
}

function share(n: number): number {
  return Math.min(Math.max(n / pointWhole, 0), 1)
}

/** A mark in units of a drawing. */
export interface Drawn {
  readonly mark: Mark
  readonly from: Spot
  readonly to: Spot
  /** Where a line ends: an arrow's at the foot of its head. */
  readonly end: Spot
  /** The points of an arrow's head. */
  readonly head: string
}

/** Units of a drawing's width; its height follows from the picture's. */
export const drawingWidth = 1000
const [headLength, headWidth] = [34, 15]

/** Places marks in a drawing of some height. */
export function drawnMarks(marks: readonly Mark[], height: number): readonly Drawn[] {
  const place = ({ x, y }: Spot): Spot => ({ x: x * drawingWidth, y: y * height })
  return marks.map((mark) => {
    const [from, to] = [place(mark.from), place(mark.to)]
    return { mark, from, to, ...(mark.kind === 'arrow' ? headOf(from, to) : { end: to, head: '' }) }
  })
}

function headOf(from: Spot, to: Spot): Pick<Drawn, 'end' | 'head'> {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const end = { x: to.x - dx * headLength, y: to.y - dy * headLength }
  const points = [
    to,
    { x: end.x - dy * headWidth, y: end.y + dx * headWidth },
    { x: end.x + dy * headWidth, y: end.y - dx * headWidth },
  ]
  const head = points.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).join(' ')
  return { end, head }
}
