/** What a run is written to while it is packed. */
import { BitWriter } from './bits'
import type { Model, Shape } from './model'
import { Sink } from './sink'

/** The streams, and what they are held against. */
export interface Packer {
  readonly model: Model
  out: Streams
}

interface Streams {
  readonly flags: Sink
  readonly walls: Sink
  readonly order: Sink
  readonly shapes: Sink
  /** By shape and cell. */
  readonly cells: Map<Shape, readonly Sink[]>
  readonly extras: Sink
  readonly text: Sink
  readonly bits: BitWriter
}

/** Streams with nothing in them. */
export function newStreams(): Streams {
  return {
    flags: new Sink(),
    walls: new Sink(),
    order: new Sink(),
    shapes: new Sink(),
    cells: new Map(),
    extras: new Sink(),
    text: new Sink(),
    bits: new BitWriter(),
  }
}

/** Writes a number outside of cells. */
export function writeNumber({ out }: Packer, value: bigint): void {
  out.extras.push(out.bits.magnitude(value))
}
