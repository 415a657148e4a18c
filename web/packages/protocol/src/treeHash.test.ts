import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { fromBase64, fromHex } from './bytes'
import { isConsistent, isIncluded, leafHash, type Tree } from './treeHash'

interface Vector {
  readonly canonical_first_leaf: string
  readonly leaves: readonly string[]
  readonly roots: readonly string[]
  readonly consistency: readonly { from: number; to: number; proof: readonly string[] }[]
  readonly inclusion: readonly { position: number; size: number; proof: readonly string[] }[]
}

const file = new URL('../../../../testdata/translog/tree.json', import.meta.url)
const vector = JSON.parse(readFileSync(file, 'utf8')) as Vector

const tree = (size: number): Tree => ({ size, root: fromBase64(vector.roots[size] ?? '') })
const leaf = (position: number) => fromBase64(vector.leaves[position - 1] ?? '')

/** Bytes with one bit turned. */
function turned(bytes: Uint8Array, bit: number): Uint8Array {
  const out = Uint8Array.from(bytes)
  const at = (bit >> 3) % out.length
  out[at] = (out[at] ?? 0) ^ (1 << (bit & 7))
  return out
}

test('a leaf hashes as in Go', () => {
  expect(leafHash(fromHex(vector.canonical_first_leaf))).toEqual(leaf(1))
})

test('the shared proofs that one log continues another hold', () => {
  expect(vector.consistency.length).toBeGreaterThan(60)
  for (const { from, to, proof } of vector.consistency) {
    expect(isConsistent(tree(from), tree(to), proof.map(fromBase64)), `${from} ${to}`).toBe(true)
  }
})

test('the shared proofs that a log has a leaf hold', () => {
  expect(vector.inclusion.length).toBeGreaterThan(60)
  for (const { position, size, proof } of vector.inclusion) {
    const holds = isIncluded(tree(size), position, leaf(position), proof.map(fromBase64))
    expect(holds, `${position} of ${size}`).toBe(true)
  }
})

describe('no proof holds', () => {
  const proofs = vector.consistency.filter((c) => c.from > 0 && c.from < c.to)
  test('with a bit turned in it or in a root', () => {
    fc.assert(
      fc.property(fc.constantFrom(...proofs), fc.nat(), fc.nat(255), (c, which, bit) => {
        const parts = [tree(c.from).root, tree(c.to).root, ...c.proof.map(fromBase64)]
        const bad = parts.map((p, i) => (i === which % parts.length ? turned(p, bit) : p))
        const [from = leaf(1), to = leaf(1), ...proof] = bad
        return !isConsistent({ size: c.from, root: from }, { size: c.to, root: to }, proof)
      }),
    )
  })

  test('for other sizes, or with hashes too many or too few', () => {
    for (const c of proofs) {
      const proof = c.proof.map(fromBase64)
      const longer = [...proof, leaf(1)]
      expect(isConsistent(tree(c.from), tree(c.to), longer)).toBe(false)
      expect(isConsistent(tree(c.from), tree(c.to), proof.slice(1))).toBe(false)
      expect(isConsistent(tree(c.from), tree(c.to), proof.slice(0, -1))).toBe(false)
      expect(isConsistent(tree(c.from - 1), tree(c.to), proof)).toBe(false)
      expect(isConsistent(tree(c.to), tree(c.from), proof)).toBe(false)
    }
  })

  test('for another leaf or position', () => {
    for (const c of vector.inclusion.filter((i) => i.size > 1)) {
      const proof = c.proof.map(fromBase64)
      const other = (c.position % c.size) + 1
      expect(isIncluded(tree(c.size), c.position, leaf(other), proof)).toBe(false)
      expect(isIncluded(tree(c.size), other, leaf(c.position), proof)).toBe(false)
      expect(isIncluded(tree(c.size), 0, leaf(c.position), proof)).toBe(false)
      expect(isIncluded(tree(c.size), c.size + 1, leaf(c.position), proof)).toBe(false)
    }
  })
})
