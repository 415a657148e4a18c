/** Strokes of a pen on the glass. */

/** Where the pen was, in the pad's own pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

export type Stroke = readonly Point[]

/** The part of a canvas that drawing needs. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  'beginPath' | 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'stroke'
>

/** Less than this is a touch and no signature. Pixels of path. */
const inkMin = 60

/** Draws a stroke as one smooth line: curves through the middles between points. */
export function drawStroke(pen: Pen, stroke: Stroke): void {
  const [first, ...rest] = stroke
  if (!first) return
  pen.beginPath()
  pen.moveTo(first.x, first.y)
  let before = first
  for (const point of rest) {
    pen.quadraticCurveTo(before.x, before.y, (before.x + point.x) / 2, (before.y + point.y) / 2)
    before = point
  }
  // A dot is a line to itself.
  pen.lineTo(before.x, before.y)
  pen.stroke()
}

/** Whether somebody wrote, rather than touched the pad by mistake. */
export function isWritten(strokes: readonly Stroke[]): boolean {
  return strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0) >= inkMin
}

function lengthOf(stroke: Stroke): number {
  return stroke.reduce((sum, { x, y }, i) => {
    const before = stroke[i - 1]
    return before ? sum + Math.hypot(x - before.x, y - before.y) : sum
  }, 0)
}
