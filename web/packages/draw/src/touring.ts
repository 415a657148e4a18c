/** A tour under way: chance moves its stops, and it stays within a budget. */
import type { Key } from './bytes'
import { tourLength, type Distances, type Tour } from './distances'
import { Stream } from './stream'

/** After how many moves a tour that is still too long begins anew. */
const longerMax = 1_000_000

/** How often; then it begins with the solver's. */
const anewMax = 10

/** The largest block of stops that is moved. */
const blockMax = 8

export class Touring {
  /** The depot, the first stop, which stays once it is drawn, and the others. */
  readonly tour: Tour
  length = 0
  readonly #d: Distances
  readonly #stream: Stream

  constructor(d: Distances, key: Key) {
    this.#d = d
    this.#stream = new Stream(key)
    this.tour = Int32Array.from({ length: d.places }, (_, i) => i)
  }

  /** Draws the first stop. */
  drawFirst(): void {
    this.#swap(1, 1 + this.#stream.below(this.tour.length - 1))
  }

  /** Puts the stops after the first in a random order. */
  shuffle(): void {
    for (let i = this.tour.length - 1; i >= 3; i--) this.#swap(i, 2 + this.#stream.below(i - 1))
    this.length = tourLength(this.#d, this.tour)
  }

  #swap(i: number, j: number): void {
    const t = this.tour
    const [a, b] = [t[i] ?? 0, t[j] ?? 0]
    t[i] = b
    t[j] = a
  }

  /** Makes moves that do not lengthen the tour until it keeps the budget. */
  shorten(budget: number, short: Tour): void {
    for (let anew = 0; anew < anewMax; anew++) {
      for (let longer = 0; longer < longerMax; longer++) {
        if (this.length <= budget) return
        this.step(this.length)
      }
      this.shuffle()
    }
    this.tour.set(short)
    this.length = tourLength(this.#d, short)
  }

  /**
   * Proposes a move, and makes it if the tour is no longer than a limit then. What it
   * draws is drawn whether or not it moves.
   */
  step(limit: number): void {
    const free = this.tour.length - 2 // places that may change: from 2 on
    const stream = this.#stream
    const kind = stream.below(4)
    if (kind === 3) {
      const l = 1 + stream.below(blockMax)
      const m = 1 + stream.below(blockMax)
      this.#exchange(2 + stream.below(free), l, m, limit)
      return
    }
    const i = 2 + stream.below(free)
    const j = 2 + stream.below(free)
    if (i === j) return
    if (kind === 2) this.#move(i, j, limit)
    else this.#reverse(Math.min(i, j), Math.max(i, j), limit)
  }

  /** The stop at a place of the tour, which goes on at its beginning. */
  #stop(i: number): number {
    return this.tour[i === this.tour.length ? 0 : i] ?? 0
  }

  /** The length from a stop to another. */
  #way(from: number, to: number): number {
    return this.#d.metres[from * this.#d.places + to] ?? 0
  }

  /** Lengthens the tour, unless it is above the limit then. */
  #changes(change: number, limit: number): boolean {
    if (this.length + change > limit) return false
    this.length += change
    return true
  }

  /** Turns the places from i to j around. */
  #reverse(i: number, j: number, limit: number): void {
    const [before, a, b, after] = [
      this.#stop(i - 1),
      this.#stop(i),
      this.#stop(j),
      this.#stop(j + 1),
    ]
    const gone = this.#way(before, a) + this.#way(b, after)
    if (!this.#changes(this.#way(before, b) + this.#way(a, after) - gone, limit)) return
    this.tour.subarray(i, j + 1).reverse()
  }

  /** Takes the place at i out and puts it in again, so that it is at j. */
  #move(i: number, j: number, limit: number): void {
    const stop = this.#stop(i)
    const [left, right] = [this.#stop(i - 1), this.#stop(i + 1)]
    const [before, next] =
      i < j ? [this.#stop(j), this.#stop(j + 1)] : [this.#stop(j - 1), this.#stop(j)]
    const out = this.#way(left, right) - this.#way(left, stop) - this.#way(stop, right)
    const into = this.#way(before, stop) + this.#way(stop, next) - this.#way(before, next)
    if (!this.#changes(out + into, limit)) return
    if (i < j) this.tour.copyWithin(i, i + 1, j + 1)
    else this.tour.copyWithin(j + 1, j, i)
    this.tour[j] = stop
  }

  /** Swaps the block of l places at i with the m that follow it. */
  #exchange(i: number, l: number, m: number, limit: number): void {
    if (i + l + m > this.tour.length) return
    const [before, last] = [this.#stop(i - 1), this.#stop(i + l + m)]
    const [a, b, c, e] = [
      this.#stop(i),
      this.#stop(i + l - 1),
      this.#stop(i + l),
      this.#stop(i + l + m - 1),
    ]
    const gone = this.#way(before, a) + this.#way(b, c) + this.#way(e, last)
    const come = this.#way(before, c) + this.#way(e, a) + this.#way(b, last)
    if (!this.#changes(come - gone, limit)) return
    const block = this.tour.slice(i, i + l)
    this.tour.copyWithin(i, i + l, i + l + m)
    this.tour.set(block, i + m)
  }
}
