/**
 * The compact form of a push: a run of one device's entries, each value held
 * against what both sides know, packed without loss. docs/PROTOCOL.md has the
 * format; Go's package packing reads and writes the same.
 */
import { join, type Bytes } from './bytes'
import { deflate } from './packing/compress'
import { formatVersion, runControl, runText } from './packing/controls'
import { writeSections } from './packing/pack'
import type { Place } from './packing/place'
import { pushUvarint, Sink } from './packing/sink'

export { beforeMax, entriesMax, unpackedMax, type Place } from './packing/place'
export { unpackRun } from './packing/unpack'

const signatureSize = 64

/** Packs canonical entries that follow one another at a place. */
export async function packRun(entries: readonly Uint8Array[], place: Place): Promise<Bytes> {
  const sections = writeSections(entries, place)
  const control = await smaller(sections.control)
  const text = await smaller(sections.text)
  const flags =
    sections.flags | (control.compressed ? runControl : 0) | (text.compressed ? runText : 0)
  return join(
    Uint8Array.of(formatVersion, flags),
    sections.front,
    control.sizes,
    text.sizes,
    control.bytes,
    text.bytes,
    sections.bits,
  )
}

/** The body of a push: the author's signature over the head, then the packed run. */
export function packedBody(signature: Uint8Array, packed: Uint8Array): Bytes {
  if (signature.length !== signatureSize) {
    throw new Error(`write push: signature of ${signature.length} bytes`)
  }
  return join(signature, packed)
}

interface Section {
  readonly sizes: Bytes
  readonly bytes: Bytes
  readonly compressed: boolean
}

/** A section as it travels: compressed, where that makes it smaller. */
async function smaller(section: Bytes): Promise<Section> {
  const packed = await deflate(section)
  const size = sizesOf(section.length)
  const both = sizesOf(section.length, packed.length)
  const compressed = both.length + packed.length < size.length + section.length
  return compressed
    ? { sizes: both, bytes: packed, compressed }
    : { sizes: size, bytes: section, compressed }
}

function sizesOf(...sizes: readonly number[]): Bytes {
  const sink = new Sink()
  for (const size of sizes) pushUvarint(sink, BigInt(size))
  return sink.bytes()
}
