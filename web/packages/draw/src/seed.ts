/** What chance and the secrets come to. */
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, utf8 } from '@sansuiji/protocol'

import { hashOf, sum, tag, Writer, type Hash, type Key } from './bytes'
import { hash, text, type Of } from './form'
import { ceremonyOf, planHash, type Plan, type PublicPlan } from './plan'
import { refusal } from './problem'

/**
 * The hash of a secret, 32 random bytes, that a role holds for a ceremony until the
 * dice have fallen. It tells nothing of the secret, and no other secret has it.
 */
export function commit(ceremony: string, role: string, secret: Hash): Hash {
  return hashOf(sum(tag('commit', ceremony, role, fromHex(secret))))
}

/** A secret, opened. */
export type Reveal = Of<typeof revealShape>

/** The members of a reveal. */
export const revealShape = { role: text, secret: hash }

/**
 * What a person's dice show, a digit each: 0 to 9, a die of ten sides; or 1 to the
 * number of sides.
 */
export type Throw = Of<typeof throwShape>

/** The members of a throw. */
export const throwShape = { by: text, digits: text }

/** Wants every secret, in the plan's order. */
export function checkReveals(plan: Plan, reveals: readonly Reveal[]): void {
  const { commitments } = plan
  if (reveals.length !== commitments.length) {
    throw refusal('reveals-number', String(reveals.length), String(commitments.length))
  }
  for (const [i, { role, commit: want }] of commitments.entries()) {
    const reveal = reveals[i]
    if (reveal?.role !== role) throw refusal('reveals-role', reveal?.role ?? '', role)
    if (commit(ceremonyOf(plan), role, reveal.secret) !== want) throw refusal('reveals-other', role)
  }
}

/** Wants everybody's dice, in the plan's order. */
export function checkThrows({ public: wanted }: Plan, throws: readonly Throw[]): void {
  if (throws.length !== wanted.people.length) {
    throw refusal('throws-number', String(throws.length), String(wanted.people.length))
  }
  for (const [i, { by, digits }] of throws.entries()) {
    const who = wanted.people[i] ?? ''
    if (by !== who) throw refusal('throws-person', by, who)
    const count = utf8(digits).length
    if (count !== wanted.throws) {
      throw refusal('throws-digits', by, String(count), String(wanted.throws))
    }
    const at = Array.from(digits).findIndex((digit) => !shows(wanted, digit))
    if (at >= 0) throw refusal('throws-digit', by, String(at + 1))
  }
}

/** Whether a die can show a digit. */
function shows({ sides }: PublicPlan, digit: string): boolean {
  if (sides === 10) return digit >= '0' && digit <= '9'
  return digit >= '1' && digit <= String(sides)
}

/** All keys of a ceremony come from it. */
export interface Seed {
  readonly master: Hash
  /** The key of a purpose in a scope. */
  key(purpose: string, scope: string): Key
}

/** Puts a plan's secrets and dice together. */
export function newSeed(plan: Plan, reveals: readonly Reveal[], throws: readonly Throw[]): Seed {
  checkReveals(plan, reveals)
  checkThrows(plan, throws)
  const secrets = reveals.map(({ secret }) => fromHex(secret))
  const input = tag('seed', ...secrets, publicBytes(throws))
  const master = extract(sha256, input, fromHex(planHash(plan)))
  return seedOf(master)
}

function seedOf(master: Uint8Array): Seed {
  return {
    master: hashOf(master),
    key: (purpose, scope) => expand(sha256, master, tag('key', purpose, scope), 32),
  }
}

/** A seed that means nothing, to try a plan with. */
export const emptySeed: Seed = seedOf(new Uint8Array(32))

/** P: each person's name and digits. */
export function publicBytes(throws: readonly Throw[]): Uint8Array {
  const writer = new Writer()
  for (const { by, digits } of throws) writer.part(by).part(digits)
  return writer.bytes()
}
