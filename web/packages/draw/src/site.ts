/**
 * A site is where people are drawn in the field, with no network. Its key is made at
 * headquarters before the dice are thrown, and goes along sealed: it is opened when the
 * roster is there and its code is known to somebody else.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { copy, fromHex, type Bytes } from '@sansuiji/protocol'

import { compareText, hashOf, tag, type Hash, type Key } from './bytes'
import { isID } from './frame'
import { bytesOf, checkOf, grouped, isLetters, lettersOf, plainLetters } from './letters'
import { leads, leafHash, proofOf, root, type Proof } from './merkle'
import type { SitesPlan } from './plan'
import { refusal } from './problem'
import { publicBytes, type Throw } from './seed'

/**
 * Modes in which a site's key is opened, the strongest first. desk: the duty desk writes
 * the roster's code down, then tells the unlock code. envelope: a witness opens an
 * envelope when the roster's code is on paper. local: neither; the key is on the phone,
 * and dice are thrown in the village.
 */
export const modes = ['desk', 'envelope', 'local']

/** A site with its key, 32 random bytes. */
export interface SiteSecret {
  readonly site: string
  readonly key: Hash
}

/** A site's hash in the tree that a plan names. */
function siteLeaf({ site, key }: SiteSecret): Uint8Array {
  return leafHash(tag('sitekey', site, fromHex(key)))
}

/**
 * What a plan says of sites, sorted, where so many people are asked, and each one's proof
 * that it is in it.
 */
export function newSitesPlan(
  secrets: readonly SiteSecret[],
  ask: number,
  modes: readonly string[],
): { readonly plan: SitesPlan; readonly proofs: readonly Proof[] } {
  for (const [i, { site }] of secrets.entries()) {
    const before = secrets[i - 1]?.site
    const rising = before === undefined || compareText(site, before) > 0
    if (!isID(site) || !rising) throw refusal('site-id', site)
  }
  const leaves = secrets.map(siteLeaf)
  const proofs = leaves.map((_, at) => proofOf(leaves, at))
  return { plan: { root: hashOf(root(leaves)), n: leaves.length, ask, modes }, proofs }
}

/** Whether a proof leads from a site's key to a root. */
export function holdsSite(proof: Proof, secret: SiteSecret, sites: Hash): boolean {
  return leads(siteLeaf(secret), proof, sites)
}

/** How many random bytes an unlock code stands for. */
export const unlockSize = 10

/**
 * An unlock secret for people: four groups of four letters, and one more that finds
 * slips.
 */
export function unlockCode(secret: Uint8Array): string {
  const text = lettersOf(secret)
  return `${grouped(text)}-${checkOf(text)}`
}

/** Reads an unlock code as people write it: in small letters, with spaces, O for 0, I and L for 1. */
export function parseUnlock(text: string): Uint8Array {
  const read = plainLetters(text)
  const [body, check] = [read.slice(0, 16), read.slice(16)]
  if (!isLetters(read) || check.length !== 1 || checkOf(body) !== check)
    throw refusal('unlock-code')
  return bytesOf(body)
}

/** A key that an unlock secret gives, and what it is bound to. */
interface Unlocker {
  readonly key: CryptoKey
  readonly how: AesGcmParams
}

/** It seals one message only, so that its nonce may be zero. */
async function unlocker(campaign: string, site: string, unlock: Uint8Array): Promise<Unlocker> {
  const context = tag('unlock', campaign, site)
  const bytes = hkdf(sha256, unlock, context, tag('key', 'unlock', site), 32)
  const key = await crypto.subtle.importKey('raw', copy(bytes), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  return { key, how: { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: context } }
}

/** Seals a site's key (AES-256-GCM): what the phone carries. */
export async function seal(
  campaign: string,
  { site, key: secret }: SiteSecret,
  unlock: Uint8Array,
): Promise<Bytes> {
  const { key, how } = await unlocker(campaign, site, unlock)
  return new Uint8Array(await crypto.subtle.encrypt(how, key, fromHex(secret)))
}

/** Opens a sealed site's key. */
export async function open(
  campaign: string,
  site: string,
  unlock: Uint8Array,
  sealed: Uint8Array,
): Promise<Hash> {
  const { key, how } = await unlocker(campaign, site, unlock)
  let opened: Uint8Array
  try {
    opened = new Uint8Array(await crypto.subtle.decrypt(how, key, copy(sealed)))
  } catch {
    throw refusal('unlock-other', site)
  }
  if (opened.length !== 32) throw refusal('unlock-other', site)
  return hashOf(opened)
}

/** Bounds of the dice that are thrown in a village: people, and digits in all. */
export const [localPeopleMin, localDigitsMin] = [2, 8]

/** Wants the dice of a village to be enough, and thrown by several people. */
export function checkLocal(throws: readonly Throw[]): void {
  for (const { by, digits } of throws) {
    if (by === '' || !/^[0-9]*$/.test(digits)) throw refusal('site-digits', by)
  }
  const people = new Set(throws.map(({ by }) => by)).size
  const digits = throws.reduce((sum, one) => sum + one.digits.length, 0)
  const enough = people >= localPeopleMin && people === throws.length && digits >= localDigitsMin
  if (throws.length > 0 && !enough) {
    throw refusal('site-dice', String(localPeopleMin), String(localDigitsMin))
  }
}

/**
 * The key that draws at one site. throws are those of its ceremony; local is the dice of
 * the village, in the mode of that name.
 */
export function siteDraw(
  planHash: Hash,
  { site, key }: SiteSecret,
  throws: readonly Throw[],
  local: readonly Throw[],
): Key {
  const village = local.length > 0 ? [publicBytes(local)] : []
  const input = tag('site', site, fromHex(key), publicBytes(throws), ...village)
  return hkdf(sha256, input, fromHex(planHash), tag('key', 'interview', site), 32)
}
