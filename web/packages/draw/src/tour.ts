/**
 * Finds short tours: the same for everybody, so that a budget needs nobody's word. It
 * is a local search (2-opt, and moves of up to three stops) from the order of the
 * nearest neighbours, with kicks whose places come from a stream of a fixed key. It
 * finds the shortest tour of most cities of 40 stops, and never one that is much longer.
 */
import { sum, tag } from './bytes'
import { tourLength, type Distances, type Tour } from './distances'
import { Stream } from './stream'

/** Kicks that improve nothing, in a row, after which the search for the best tour ends. */
const kicksOfAll = 60

/** And that for the best with a first stop. */
const kicksOfFirst = 12

export class Solver {
  /** The best that is known, the depot first. */
  readonly tour: Tour
  readonly #d: Distances
  readonly #fixedMin: number

  /** Up to fixedMin places nothing is searched. */
  constructor(d: Distances, fixedMin: number) {
    this.#d = d
    this.#fixedMin = fixedMin
    const near = nearest(d)
    this.tour = d.places > fixedMin ? this.#search(near, 1, kicksOfAll) : near
  }

  /** The best tour known that drives to a stop first. */
  from(first: number): Tour {
    const tour = this.tour.slice()
    tour.copyWithin(2, 1, tour.indexOf(first))
    tour[1] = first
    return tour.length > this.#fixedMin ? this.#search(tour, 2, kicksOfFirst) : tour
  }

  /** Improves the places from fixed on until some kicks in a row bring nothing. */
  #search(start: Tour, fixed: number, kicks: number): Tour {
    let best = start.slice()
    this.#descend(best, fixed)
    let length = tourLength(this.#d, best)
    const stream = new Stream(sum(tag('solver')))
    for (let failed = 0; failed < kicks; failed++) {
      const next = kicked(best, fixed, stream)
      this.#descend(next, fixed)
      const n = tourLength(this.#d, next)
      if (n < length) [best, length, failed] = [next, n, -1]
    }
    return best
  }

  /**
   * Makes moves that shorten the tour, from the beginning again after each round, until
   * there is none.
   */
  #descend(tour: Tour, fixed: number): void {
    while (this.#twoOpt(tour, fixed) || this.#orOpt(tour, fixed)) continue
  }

  #way(from: number, to: number): number {
    return this.#d.metres[from * this.#d.places + to] ?? 0
  }

  /** Turns around a part of the tour where that shortens it. */
  #twoOpt(t: Tour, fixed: number): boolean {
    let moved = false
    for (let i = fixed; i < t.length - 1; i++) {
      for (let j = i + 1; j < t.length; j++) {
        const [before, a, b] = [t[i - 1] ?? 0, t[i] ?? 0, t[j] ?? 0]
        const next = t[j + 1] ?? 0 // after the last the depot, which is 0
        const turned = this.#way(before, b) + this.#way(a, next)
        if (turned >= this.#way(before, a) + this.#way(b, next)) continue
        t.subarray(i, j + 1).reverse()
        moved = true
      }
    }
    return moved
  }

  /** Moves up to three stops, turned around or not, where that shortens the tour. */
  #orOpt(t: Tour, fixed: number): boolean {
    let moved = false
    for (let l = 1; l <= 3; l++) {
      for (let i = fixed; i + l <= t.length; i++) {
        if (this.#relocate(t, fixed, i, l)) moved = true
      }
    }
    return moved
  }

  /** Moves the block of l stops at i to the first place where that shortens the tour. */
  #relocate(t: Tour, fixed: number, i: number, l: number): boolean {
    const [a, b] = [t[i] ?? 0, t[i + l - 1] ?? 0]
    const [before, after] = [t[i - 1] ?? 0, t[i + l] ?? 0]
    const gain = this.#way(before, a) + this.#way(b, after) - this.#way(before, after)
    for (let j = fixed; j <= t.length; j++) {
      if (j >= i && j <= i + l) continue
      const [p, q] = [t[j - 1] ?? 0, t[j] ?? 0] // it would stand between these
      const room = gain + this.#way(p, q)
      const turned = this.#way(p, a) + this.#way(b, q) >= room
      if (turned && this.#way(p, b) + this.#way(a, q) >= room) continue
      place(t, i, l, j, turned)
      return true
    }
    return false
  }
}

/** Moves the block of l at i between the places j-1 and j of before. */
function place(t: Tour, i: number, l: number, j: number, turned: boolean): void {
  const block = t.slice(i, i + l)
  if (turned) block.reverse()
  if (j > i) {
    t.copyWithin(i, i + l, j)
    t.set(block, j - l)
    return
  }
  t.copyWithin(j + l, j, i)
  t.set(block, j)
}

/**
 * The tour that goes to the nearest place that is left, again and again; the lower
 * number of two as near.
 */
function nearest({ places, metres }: Distances): Tour {
  const left = Array.from({ length: places - 1 }, (_, i) => i + 1)
  const tour = new Int32Array(places)
  for (let n = 1; n < places; n++) {
    const here = tour[n - 1] ?? 0
    const to = (place: number | undefined) => metres[here * places + (place ?? 0)] ?? 0
    let best = 0
    for (const [k, place] of left.entries()) if (to(place) < to(left[best])) best = k
    tour[n] = left.splice(best, 1)[0] ?? 0
  }
  return tour
}

/** Cuts the places from fixed on into three at random and swaps the last two. */
function kicked(t: Tour, fixed: number, stream: Stream): Tour {
  const free = t.length - fixed
  const [x, y] = [fixed + stream.below(free), fixed + stream.below(free)]
  const [a, b] = [Math.min(x, y), Math.max(x, y) + 1]
  const c = b + stream.below(t.length - b + 1)
  return Int32Array.from([
    ...t.subarray(0, a),
    ...t.subarray(b, c),
    ...t.subarray(a, b),
    ...t.subarray(c),
  ])
}
