/** A small map of a route. */
import { svg } from './dom'

/** A place, metres east and north. */
interface Point {
  readonly x: number
  readonly y: number
}

/** What a map says. */
export interface Labels {
  readonly title: string
  readonly depot: string
  readonly scale: (km: string) => string
}

const width = 360
const height = 240
const margin = 20

/** Above how many stops their numbers have no room. */
const numbersMax = 60

/** A map of a tour, the depot first. North is up. */
export function mapOf(points: readonly Point[], { title, depot, scale }: Labels): SVGElement {
  const { place, perMetre } = projection(points)
  const placed = points.map(place)
  const [start, ...stops] = placed
  const line = placed.map(({ x, y }) => `${x},${y}`).join(' ')
  const drawn = stops.map((stop, i) => marker(stop, i + 1, stops.length))
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, class: 'map', role: 'img', 'aria-label': title },
    svg('polygon', { points: line, class: 'way' }),
    ...(start === undefined || stops[0] === undefined ? [] : [heading(start, stops[0])]),
    ...drawn,
    start && depotMark(start, depot),
    scaleBar(perMetre, scale),
  )
}

/** Puts places into the picture, as large as they go, without distortion. */
function projection(points: readonly Point[]): {
  readonly place: (point: Point) => Point
  readonly perMetre: number
} {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [west, east] = [Math.min(...xs), Math.max(...xs)]
  const [south, north] = [Math.min(...ys), Math.max(...ys)]
  const perMetre = Math.min(
    (width - 2 * margin) / Math.max(east - west, 1),
    (height - 2 * margin) / Math.max(north - south, 1),
  )
  const [middleX, middleY] = [(west + east) / 2, (south + north) / 2]
  const place = ({ x, y }: Point) => ({
    x: round(width / 2 + (x - middleX) * perMetre),
    y: round(height / 2 - (y - middleY) * perMetre),
  })
  return { place, perMetre }
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}

function marker({ x, y }: Point, number: number, count: number): SVGElement {
  const numbered = count <= numbersMax
  const circle = svg('circle', { cx: String(x), cy: String(y), r: numbered ? '7' : '2.5' })
  if (!numbered) return svg('g', { class: 'stop' }, circle)
  const label = svg('text', { x: String(x), y: String(y), dy: '0.35em' }, String(number))
  return svg('g', { class: number === 1 ? 'stop first' : 'stop' }, circle, label)
}

function depotMark({ x, y }: Point, name: string): SVGElement {
  const side = 12
  const square = {
    x: String(x - side / 2),
    y: String(y - side / 2),
    width: `${side}`,
    height: `${side}`,
  }
  return svg('g', { class: 'depot' }, svg('rect', { ...square, rx: '2' }), svg('title', {}, name))
}

/** An arrow head on the way to the first stop. */
function heading(from: Point, to: Point): SVGElement {
  const degrees = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
  const [x, y] = [round((from.x + to.x) / 2), round((from.y + to.y) / 2)]
  const turn = `translate(${x} ${y}) rotate(${round(degrees)})`
  return svg('path', { d: 'M-4,-4 L5,0 L-4,4 Z', transform: turn, class: 'arrow' })
}

/** A bar of a round length, about a fifth of the picture. */
function scaleBar(perMetre: number, scale: Labels['scale']): SVGElement {
  const metres = roundLength(width / 5 / perMetre)
  const [length, y] = [round(metres * perMetre), height - 8]
  const d = `M8,${y - 4} V${y} H${8 + length} V${y - 4}`
  const text = svg('text', { x: String(14 + length), y: String(y) }, scale(String(metres / 1000)))
  return svg('g', { class: 'scale' }, svg('path', { d }), text)
}

/** The largest of 1, 2 and 5 times a power of ten that is no longer. */
function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres))
  const times = [5, 2].find((n) => n * power <= metres) ?? 1
  return times * power
}
