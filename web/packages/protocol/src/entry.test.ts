import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { fromHex, toHex } from './bytes'
import { entryBytes, entryHash, genesisHash, headBytes, parseEntry, type Entry } from './entry'
import { parseId } from './id'

interface Vector {
  readonly campaign: string
  readonly device: string
  readonly seq: number
  readonly previous: string
  readonly clock: string
  readonly wall_at: number
  readonly schema: number
  readonly epoch: string
  readonly revision: number
  readonly heads: readonly { readonly device: string; readonly seq: number }[]
  readonly changeset: string
  readonly canonical: string
  readonly hash: string
  readonly genesis_of_key_0102: string
  readonly signed_head_bytes: string
}

const file = new URL('../../../../testdata/chain/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[]

function entryOf(v: Vector): Entry {
  return {
    campaign: parseId(v.campaign),
    device: parseId(v.device),
    seq: v.seq,
    previous: fromHex(v.previous),
    clock: BigInt(v.clock),
    wallAt: v.wall_at,
    schema: v.schema,
    seen: {
      epoch: parseId(v.epoch),
      revision: v.revision,
      heads: v.heads.map((h) => ({ device: parseId(h.device), seq: h.seq })),
    },
    changeset: fromHex(v.changeset),
  }
}

describe.each(vectors)('the shared vector with seq $seq', (vector) => {
  const entry = entryOf(vector)

  test('has the same canonical bytes here as in Go', () => {
    expect(toHex(entryBytes(entry))).toBe(vector.canonical)
  })

  test('hashes and signs the same bytes', () => {
    const hash = entryHash(entryBytes(entry))
    expect(toHex(hash)).toBe(vector.hash)
    expect(toHex(headBytes(entry.campaign, entry.device, entry.seq, hash))).toBe(
      vector.signed_head_bytes,
    )
    expect(toHex(genesisHash(entry.campaign, entry.device, fromHex('0102')))).toBe(
      vector.genesis_of_key_0102,
    )
  })

  test('is read back as it was written', () => {
    const canonical = fromHex(vector.canonical)
    expect(parseEntry(canonical)).toEqual(entry)
    expect(() => parseEntry(canonical.subarray(0, canonical.length - 1))).toThrow('malformed')
    expect(() => parseEntry(fromHex(`${vector.canonical}00`))).toThrow('malformed')
  })
})
