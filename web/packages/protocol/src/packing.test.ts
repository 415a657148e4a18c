import { readFileSync, writeFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { fromHex, toHex, type Bytes } from './bytes'
import { entryBytes, entryHash, type Entry } from './entry'
import { idOf, newId, noId, parseId } from './id'
import { beforeMax, packRun, unpackRun, type Place } from './packing'
import { readHeader } from './packing/header'
import { letterAt, pushCode } from './packing/letters'
import { writeSections } from './packing/pack'
import { Sink } from './packing/sink'

interface Vector {
  readonly name: string
  readonly campaign: string
  readonly device: string
  readonly previous: string
  readonly before: readonly string[]
  readonly entries: readonly string[]
  readonly control: string
  readonly text: string
  readonly bits: string
  readonly packed: string
}

const folder = new URL('../../../../testdata/packing/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const vectors = JSON.parse(read('vectors.json')) as readonly Vector[]

function placeOf(v: Vector): Place {
  return {
    campaign: parseId(v.campaign),
    device: parseId(v.device),
    previous: fromHex(v.previous),
    before: v.before.map(fromHex),
  }
}

const hexOf = (list: readonly Uint8Array[]): readonly string[] => list.map(toHex)

describe.each(vectors)('the shared run $name', (vector) => {
  const entries = vector.entries.map(fromHex)
  const place = placeOf(vector)

  test('is written in the same streams here as in Go', () => {
    const { control, text, bits } = writeSections(entries, place)
    expect(toHex(control)).toBe(vector.control)
    expect(toHex(text)).toBe(vector.text)
    expect(toHex(bits)).toBe(vector.bits)
  })

  test('comes out of what Go packed', async () => {
    expect(hexOf(await unpackRun(fromHex(vector.packed), place))).toEqual(vector.entries)
  })

  test('comes out of what was packed here', async () => {
    const packed = await packRun(entries, place)
    expect(hexOf(await unpackRun(packed, place))).toEqual(vector.entries)
  })

  test('is refused or comes out as other entries when a byte of it changed', async () => {
    const packed = fromHex(vector.packed)
    for (let at = 0; at < packed.length; at += 1 + Math.floor(packed.length / 50)) {
      const bad = packed.slice()
      bad[at] = (bad[at] ?? 0) ^ 0x10
      const result = await unpackRun(bad, place).then(hexOf, (error: unknown) => error)
      expect(result).not.toEqual(vector.entries)
    }
  })
})

test('Go has what TypeScript packed', async () => {
  const bodies: Record<string, string> = {}
  for (const v of vectors) {
    bodies[v.name] = toHex(await packRun(v.entries.map(fromHex), placeOf(v)))
  }
  if (process.env['UPDATE_VECTORS']) {
    writeFileSync(new URL('typescript.json', folder), `${JSON.stringify(bodies, null, 2)}\n`)
  }
  // DEFLATE may come out differently with another version of zlib; the rest may not.
  const stored = JSON.parse(read('typescript.json')) as Record<string, string>
  expect(Object.keys(stored)).toEqual(Object.keys(bodies))
  for (const v of vectors) {
    const packed = await unpackRun(fromHex(stored[v.name] ?? ''), placeOf(v))
    expect(hexOf(packed)).toEqual(v.entries)
  }
})

test('any text comes out of its code', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sink = new Sink()
      pushCode(sink, text)
      let back = ''
      for (let at = 0; at < sink.length;) {
        const [letter, size] = letterAt(sink.bytes(), at) ?? ['?', sink.length]
        back += letter
        at += size
      }
      expect(back).toBe(text)
    }),
  )
})

/** A chain of entries with changesets that are mostly none. */
function chainOf(changesets: readonly Uint8Array[]): { entries: readonly Bytes[]; place: Place } {
  const [campaign, device] = [idOf(new Uint8Array(16).fill(1)), idOf(new Uint8Array(16).fill(2))]
  const genesis = new Uint8Array(32).fill(3)
  let previous: Uint8Array = genesis
  const entries = changesets.map((changeset, i) => {
    const seen = { epoch: noId, revision: i, heads: [] }
    const wallAt = 1_790_000_000_000 + 61_007 * i
    const clock = BigInt(wallAt) << 16n
    const entry: Entry = {
      ...{ campaign, device, seq: 1 + i, previous, clock, wallAt, schema: 1, seen },
      changeset,
    }
    const bytes = entryBytes(entry)
    previous = entryHash(bytes)
    return bytes
  })
  return { entries, place: { campaign, device, previous: genesis, before: [] } }
}

test('whatever stands in place of a changeset comes out the same', async () => {
  const known = vectors.flatMap((v) => v.entries.map((hex) => readHeader(fromHex(hex)).changeset))
  const one = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .tuple(fc.constantFrom(...known), fc.nat(), fc.nat({ max: 255 }))
      .map(([bytes, at, value]) => {
        const changed = Uint8Array.from(bytes)
        if (changed.length > 0) changed[at % changed.length] = value
        return changed
      }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 12 }), async (changesets) => {
      const { entries, place } = chainOf(changesets)
      expect(hexOf(await unpackRun(await packRun(entries, place), place))).toEqual(hexOf(entries))
    }),
    { numRuns: 300 },
  )
})

describe('a run that does not follow', () => {
  const { entries, place } = chainOf(Array.from({ length: beforeMax + 4 }, () => new Uint8Array()))

  test('is not packed', async () => {
    await expect(packRun([], place)).rejects.toThrow('0 entries')
    await expect(packRun(entries.slice(1), place)).rejects.toThrow('does not follow')
    await expect(packRun([...entries].reverse(), place)).rejects.toThrow('does not follow')
    const stranger = { ...place, device: newId(0, (count) => new Uint8Array(count)) }
    await expect(packRun(entries, stranger)).rejects.toThrow('does not follow')
  })

  test('is not unpacked without the entries before it', async () => {
    const before = entries.slice(0, -2)
    const last = before.at(-1)
    const later = { ...place, before, previous: last ? entryHash(last) : place.previous }
    const packed = await packRun(entries.slice(-2), later)
    expect(hexOf(await unpackRun(packed, later))).toEqual(hexOf(entries.slice(-2)))
    await expect(unpackRun(packed, { ...later, before: [] })).rejects.toThrow('missing')
    await expect(unpackRun(packed, { ...later, before: before.slice(0, -1) })).rejects.toThrow(
      'elsewhere',
    )
  })
})

test('a thousand entries are packed before a person notices', async () => {
  const seven = vectors.find((v) => v.name === 'all of a day')?.entries ?? []
  const changesets = seven.map((hex) => readHeader(fromHex(hex)).changeset)
  const { entries, place } = chainOf(
    Array.from({ length: 1000 }, (_, i) => changesets[i % changesets.length] ?? new Uint8Array()),
  )
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const before = performance.now()
    await packRun(entries, place)
    times.push(performance.now() - before)
  }
  // It takes some 30 ms; ten times that is a mistake of ours.
  expect(Math.min(...times)).toBeLessThan(300)
})
