/** What is said of photos, and how marks look. */
import type { Mark, MarkPoint, PhotoProgress, PhotoView } from '@sansuiji/local'

import type { Tone } from '../../parts/tones'

/** Where a photo is, for people: a key of the words, and what they name. */
export interface PhotoState {
  readonly key: 'here' | 'sending' | 'there' | 'away' | 'awayNobody' | 'removed'
  readonly values: Readonly<Record<string, unknown>>
  readonly tone: Tone
}

/** Where a photo is. */
export function stateOf(photo: PhotoView, progress: PhotoProgress | null): PhotoState {
  if (photo.withdrawnAt !== null) return { key: 'removed', values: {}, tone: 'plain' }
  if (photo.there) return { key: 'there', values: {}, tone: 'good' }
  if (!photo.here) {
    const who = photo.inspector
    return { key: who ? 'away' : 'awayNobody', values: { who }, tone: 'plain' }
  }
  if (progress?.hash === photo.hash) {
    return { key: 'sending', values: { n: percent(progress) }, tone: 'info' }
  }
  return { key: 'here', values: {}, tone: 'warn' }
}

/** How far a photo has come, in whole percent. */
export function percent({ sent, size }: Pick<PhotoProgress, 'sent' | 'size'>): number {
  return size === 0 ? 100 : Math.floor((sent / size) * 100)
}

const units = ['KB', 'MB', 'GB', 'TB']

/** A number of bytes with its unit. */
export function sayBytes(bytes: number): string {
  let value = bytes / 1024
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = value >= 99.5 || unit === 0 ? 0 : 1
  const least = bytes > 0 && unit === 0 ? Math.max(1, value) : value
  return `${least.toFixed(digits)} ${units[unit] ?? ''}`
}

/** The picture's width in the units that marks are drawn in. */
export const drawnWidth = 1000

/** A mark as SVG draws it, in units of drawnWidth. */
export type Drawn =
  | { readonly kind: 'lines'; readonly d: string }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string }

/** The picture's height in the same units. */
export function drawnHeight({ width, height }: { width: number; height: number }): number {
  return width > 0 && height > 0 ? (drawnWidth * height) / width : drawnWidth
}

/** How long an arrow's barbs are, and how far they open. */
const barb = 42
const opening = Math.PI / 7

/** How a mark is drawn over a picture of some height. */
export function draw(mark: Mark, height: number): Drawn {
  const at = ([x, y]: MarkPoint) => ({ x: (x / 10_000) * drawnWidth, y: (y / 10_000) * height })
  if (mark.kind === 'text') return { kind: 'text', ...at(mark.at), text: mark.text }
  const [from, to] = [at(mark.from), at(mark.to)]
  if (mark.kind === 'box') {
    return {
      kind: 'lines',
      d: path([from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }, from]),
    }
  }
  const angle = Math.atan2(to.y - from.y, to.x - from.x)
  const tip = (turn: number) => ({
    x: to.x - barb * Math.cos(angle + turn),
    y: to.y - barb * Math.sin(angle + turn),
  })
  const head = path([tip(opening), to, tip(-opening)])
  return { kind: 'lines', d: `${path([from, to])} ${head}` }
}

function path(points: readonly { readonly x: number; readonly y: number }[]): string {
  const steps = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)
  return `M${steps.join('L')}`
}
