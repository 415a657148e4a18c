/** The tree of a frame, and of site keys: RFC 9162, §2.1. */
import { fromHex } from '@sansuiji/protocol'

import { hashOf, sum, type Hash } from './bytes'
import { hash, integer, list, object, type Of } from './form'

/** The hash of a leaf's bytes. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + bytes.length)
  input.set(bytes, 1)
  return sum(input)
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(65)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 33)
  return sum(input)
}

/** The root of a tree with these leaves' hashes. */
export function root(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return sum(new Uint8Array())
  if (leaves.length === 1) return only
  const k = split(leaves.length)
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)))
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1
  while (2 * k < n) k *= 2
  return k
}

/**
 * The way of a leaf to the root of a tree: with it a leaf can be checked without the
 * others.
 */
export type Proof = Of<typeof proofShape>

const proofShape = {
  /** Its place, from 0. */
  at: integer,
  /** Leaves in the tree. */
  n: integer,
  /** The hashes that lead to the root, the leaf's neighbour first. */
  path: list(hash),
}

/** The form of a proof. */
export const proofForm = object(proofShape)

/** Makes the proof of the leaf at a place. */
export function proofOf(leaves: readonly Uint8Array[], at: number): Proof {
  return { at, n: leaves.length, path: path(leaves, at).map(hashOf) }
}

function path(leaves: readonly Uint8Array[], at: number): readonly Uint8Array[] {
  if (leaves.length < 2) return []
  const k = split(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return at < k ? [...path(left, at), root(right)] : [...path(right, at - k), root(left)]
}

/** Whether a proof leads from a leaf to a root. */
export function leads(leaf: Uint8Array, proof: Proof, to: Hash): boolean {
  const have = rootOfPath(leaf, proof.at, proof.n, proof.path)
  return have !== undefined && hashOf(have) === to
}

/**
 * The root that a leaf at a place of n and a path lead to; nothing if no path of n
 * leaves has that length.
 */
function rootOfPath(
  leaf: Uint8Array,
  at: number,
  n: number,
  way: readonly Hash[],
): Uint8Array | undefined {
  if (n < 2) return way.length === 0 && n === 1 && at === 0 ? leaf : undefined
  const last = way.at(-1)
  if (last === undefined) return undefined
  const [k, rest, neighbour] = [split(n), way.slice(0, -1), fromHex(last)]
  if (at < k) {
    const left = rootOfPath(leaf, at, k, rest)
    return left && nodeHash(left, neighbour)
  }
  const right = rootOfPath(leaf, at - k, n - k, rest)
  return right && nodeHash(neighbour, right)
}
