/** Draws units on a canvas. */
import { onScreen, type Plane, type Spot, type View } from './plane'

export interface Colours {
  readonly ground: string
  readonly line: string
  readonly text: string
  readonly none: string
  readonly drawn: string
  readonly there: string
  readonly done: string
  readonly serious: string
}

/** The colours of the theme in use. */
export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element)
  const of = (name: string): string => style.getPropertyValue(name).trim()
  return {
    ground: of('--s-surface-soft'),
    line: of('--s-line'),
    text: of('--s-text-soft'),
    none: of('--s-text-soft'),
    drawn: of('--s-info'),
    there: of('--s-warn'),
    done: of('--s-good'),
    serious: of('--s-bad'),
  }
}

/** Units that matter are drawn last, so that nothing hides them. */
const order = { none: 0, drawn: 1, done: 2, there: 3 } as const

export function inDrawingOrder(plane: Plane): readonly Spot[] {
  return [...plane.spots].sort((a, b) => order[a.unit.state] - order[b.unit.state])
}

/** How large a spot is: with the findings there, not beyond measure. */
export function radiusOf({ unit }: Spot, view: View): number {
  const near = Math.min(2, Math.max(1, view.scale / 1500))
  if (unit.state === 'none') return 1.8 * near
  return (3 + Math.min(5, Math.sqrt(unit.findings))) * near
}

export interface Painting {
  readonly plane: Plane
  readonly spots: readonly Spot[]
  readonly view: View
  readonly colours: Colours
  readonly chosen: Spot | undefined
}

export function paint(context: CanvasRenderingContext2D, p: Painting): void {
  const { width, height } = context.canvas.getBoundingClientRect()
  const ratio = devicePixelRatio
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  paintCounties(context, p)
  for (const spot of p.spots) paintSpot(context, p, spot, { width, height })
  paintNames(context, p)
}

function paintCounties(
  context: CanvasRenderingContext2D,
  { plane, view, colours }: Painting,
): void {
  context.fillStyle = colours.ground
  context.strokeStyle = colours.line
  context.lineWidth = 14
  context.lineJoin = 'round'
  for (const county of plane.counties) {
    context.beginPath()
    for (const point of county.outline) {
      const { x, y } = onScreen(view, point)
      context.lineTo(x, y)
    }
    context.closePath()
    context.globalAlpha = 0.45
    context.stroke()
    context.globalAlpha = 1
    context.fill()
  }
}

function paintSpot(
  context: CanvasRenderingContext2D,
  { view, colours, chosen }: Painting,
  spot: Spot,
  size: { readonly width: number; readonly height: number },
): void {
  const { x, y } = onScreen(view, spot)
  if (x < -20 || y < -20 || x > size.width + 20 || y > size.height + 20) return
  context.beginPath()
  context.arc(x, y, radiusOf(spot, view), 0, 2 * Math.PI)
  context.fillStyle = colours[spot.unit.state]
  context.globalAlpha = spot.unit.state === 'none' ? 0.35 : 1
  context.fill()
  context.globalAlpha = 1
  if (spot.unit.serious > 0) {
    context.lineWidth = 2
    context.strokeStyle = colours.serious
    context.stroke()
  }
  if (spot !== chosen) return
  context.beginPath()
  context.arc(x, y, radiusOf(spot, view) + 4, 0, 2 * Math.PI)
  context.lineWidth = 2
  context.strokeStyle = colours.text
  context.stroke()
}

function paintNames(context: CanvasRenderingContext2D, { plane, view, colours }: Painting): void {
  context.font = '12px system-ui, sans-serif'
  context.textAlign = 'center'
  context.lineWidth = 3
  context.strokeStyle = colours.ground
  context.fillStyle = colours.text
  for (const { name, middle } of plane.counties) {
    const { x, y } = onScreen(view, middle)
    context.strokeText(name, x, y)
    context.fillText(name, x, y)
  }
}
