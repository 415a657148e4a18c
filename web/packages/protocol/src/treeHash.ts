/**
 * The Merkle tree of a campaign's history (RFC 6962, RFC 9162): leaf i is the
 * record at position i + 1. A device checks proofs and makes none.
 */
import { sha256 } from '@noble/hashes/sha2.js'

import { compareBytes, copy, join, type Bytes } from './bytes'

/** A state of a log. */
export interface Tree {
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** The size of a hash in bytes. */
export const hashSize = 32

/** The largest number of hashes a proof needs, twice the tree's height. */
const proofMax = 2 * 53

/** The hash of a leaf with these canonical bytes. */
export function leafHash(leaf: Uint8Array): Bytes {
  return copy(sha256(join(Uint8Array.of(0), leaf)))
}

function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return copy(sha256(join(Uint8Array.of(1), left, right)))
}

/** The root of the empty log. */
export function emptyRoot(): Bytes {
  return copy(sha256(new Uint8Array()))
}

/** Whether a proof shows that one log is the beginning of another (RFC 9162, §2.1.4.2). */
export function isConsistent(from: Tree, to: Tree, proof: readonly Uint8Array[]): boolean {
  if (from.size > to.size || !isProof(proof)) return false
  if (from.size === 0) return proof.length === 0 && same(from.root, emptyRoot())
  if (from.size === to.size) return proof.length === 0 && same(from.root, to.root)
  const path = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof
  return consistencyHolds(from, to, path)
}

function consistencyHolds(from: Tree, to: Tree, path: readonly Uint8Array[]): boolean {
  let [fn, sn] = [from.size - 1, to.size - 1]
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)]
  const [start, ...rest] = path
  if (start === undefined) return false
  let [fromRoot, toRoot] = [start, start]
  for (const hash of rest) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      fromRoot = nodeHash(hash, fromRoot)
      toRoot = nodeHash(hash, toRoot)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      toRoot = nodeHash(toRoot, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && same(fromRoot, from.root) && same(toRoot, to.root)
}

/** Whether a proof shows that a log has a leaf at a position, 1, 2, … (RFC 9162, §2.1.3.2). */
export function isIncluded(
  tree: Tree,
  position: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (position < 1 || position > tree.size || !isProof(proof)) return false
  let [fn, sn] = [position - 1, tree.size - 1]
  let root = leaf
  for (const hash of proof) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      root = nodeHash(hash, root)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      root = nodeHash(root, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && same(root, tree.root)
}

function isProof(proof: readonly Uint8Array[]): boolean {
  return proof.length <= proofMax && proof.every((hash) => hash.length === hashSize)
}

/** Sizes go beyond what JavaScript shifts: 2^53. */
function half(n: number): number {
  return Math.floor(n / 2)
}

function isOdd(n: number): boolean {
  return n % 2 === 1
}

function isPowerOfTwo(n: number): boolean {
  while (n > 1 && !isOdd(n)) n = half(n)
  return n === 1
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0
}
