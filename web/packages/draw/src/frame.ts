/** All units that can be drawn, and those that are left out and why. */
import { compareText, hashOf, noHash, sum, tag, Writer, type Hash } from './bytes'
import { hash, integer, list, object, text, type Of } from './form'
import { integerMax } from './integers'
import { leads, leafHash, proofOf, root, type Proof } from './merkle'
import { refusal } from './problem'

/** Something known of a unit. */
export interface Attribute {
  readonly key: string
  readonly value: string
}

/** One that can be drawn, or that is left out for a reason. */
export interface Unit {
  readonly id: string
  readonly stratum: string
  /** May be empty. */
  readonly class: string
  /**
   * What a draw with probabilities proportional to size goes by; 1 unless said
   * otherwise. Weights for rotation or risk are factors in it.
   */
  readonly size: number
  readonly eligible: boolean
  /** The code of the reason why it cannot be drawn; empty if it can. */
  readonly exclusion: string
  /** Metres in the plane of the campaign's map. */
  readonly x: number
  readonly y: number
  /** The name and what else is known, sorted by key; none is empty. */
  readonly attributes: readonly Attribute[]
}

const idMax = 64

/** The largest size, and the largest total of a stratum's. */
export const sizeMax = integerMax

/**
 * How far from the origin a unit may be, in metres: the sum of two squares of
 * differences must be a number that every program has exactly.
 */
export const coordinateMax = 10_000_000

/** Whether a text can be an id: of its bytes everybody sees which they are. */
export function isID(text: string): boolean {
  return text.length <= idMax && /^[A-Za-z0-9._:-]+$/.test(text)
}

/** All units, sorted by id. */
export interface Frame {
  readonly units: readonly Unit[]
  /** Of the file that the frame was read from. */
  readonly sha256: Hash
}

/** Sorts and checks units, of a file with a hash. */
export function newFrame(units: readonly Unit[], sha256: Hash = noHash): Frame {
  const sorted = [...units].sort((a, b) => compareText(a.id, b.id))
  for (const [i, unit] of sorted.entries()) {
    if (i > 0 && unit.id === sorted[i - 1]?.id) throw refusal('frame-id-twice', unit.id)
    checkUnit(unit)
  }
  checkCase(sorted)
  checkSizes(sorted)
  return { units: sorted, sha256 }
}

function checkUnit(u: Unit): void {
  if (!isID(u.id)) throw refusal('frame-id', u.id)
  if (!isID(u.stratum)) throw refusal('frame-stratum', u.id, u.stratum)
  if (u.class !== '' && !isID(u.class)) throw refusal('frame-class', u.id, u.class)
  if (u.size > sizeMax || (u.eligible && u.size === 0)) {
    throw refusal('frame-size', u.id, String(u.size))
  }
  if (u.eligible && u.exclusion !== '') throw refusal('frame-eligible-code', u.id, u.exclusion)
  if (!u.eligible && !isID(u.exclusion)) throw refusal('frame-exclusion', u.id)
  if (Math.abs(u.x) > coordinateMax || Math.abs(u.y) > coordinateMax) {
    throw refusal('frame-coordinate', u.id)
  }
  let before = ''
  for (const { key, value } of u.attributes) {
    if (compareText(key, before) <= 0 || value === '') throw refusal('frame-attribute', u.id, key)
    before = key
  }
}

/** Refuses ids that differ in capitals only: people take them for one. */
function checkCase(units: readonly Unit[]): void {
  const seen = new Map<string, string>()
  for (const { id } of units) {
    const lower = id.toLowerCase()
    const other = seen.get(lower)
    if (other !== undefined) throw refusal('frame-id-case', other, id)
    seen.set(lower, id)
  }
}

function checkSizes(units: readonly Unit[]): void {
  const totals = new Map<string, number>()
  for (const { stratum, size, eligible } of units) {
    if (!eligible) continue
    const total = (totals.get(stratum) ?? 0) + size // above the largest even where it is rounded
    if (total > sizeMax) throw refusal('frame-total', stratum)
    totals.set(stratum, total)
  }
}

/** Finds a unit by its id. */
export function unitOf(frame: Frame, id: string): Unit | undefined {
  let [low, high] = [0, frame.units.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compareText(frame.units[middle]?.id ?? '', id)
    if (order === 0) return frame.units[middle]
    if (order < 0) low = middle + 1
    else high = middle
  }
  return undefined
}

/** Appends a unit's bytes in the tree of the frame. */
function writeLeaf(writer: Writer, u: Unit): void {
  writer.part(u.id).part(u.stratum).part(u.class).long(u.size)
  writer
    .byte(u.eligible ? 1 : 0)
    .part(u.exclusion)
    .word(u.x)
    .word(u.y)
  writer.raw(attributesHash(u.attributes))
}

/** The hash of sorted attributes. */
export function attributesHash(list: readonly Attribute[]): Uint8Array {
  return sum(tag('attributes', ...list.flatMap(({ key, value }) => [key, value])))
}

function leaves(units: readonly Unit[]): readonly Uint8Array[] {
  const writer = new Writer()
  return units.map((unit) => {
    writeLeaf(writer.clear().byte(0), unit)
    return sum(writer.bytes())
  })
}

/** The root of the frame's tree. */
export function rootOf(frame: Frame): Hash {
  return hashOf(root(leaves(frame.units)))
}

/** Makes the proof of the unit at a place. */
export function prove(frame: Frame, at: number): Proof {
  return proofOf(leaves(frame.units), at)
}

/** Whether a proof leads from a unit to a root. */
export function holds(proof: Proof, unit: Unit, frameRoot: Hash): boolean {
  const writer = new Writer()
  writeLeaf(writer, unit)
  return leads(leafHash(writer.bytes()), proof, frameRoot)
}

/** The part of a frame that a number is drawn from. */
export interface Stratum {
  readonly id: string
  /** Of all units, or empty if they differ. */
  readonly class: string
  readonly units: readonly Unit[]
  readonly size: number
}

/** The eligible units by stratum, sorted. */
export function strataOf(frame: Frame): readonly Stratum[] {
  const byID = new Map<string, { id: string; class: string; units: Unit[]; size: number }>()
  for (const unit of frame.units) {
    if (!unit.eligible) continue
    const stratum = byID.get(unit.stratum)
    if (stratum === undefined) {
      byID.set(unit.stratum, {
        id: unit.stratum,
        class: unit.class,
        units: [unit],
        size: unit.size,
      })
      continue
    }
    if (stratum.class !== unit.class) stratum.class = ''
    stratum.units.push(unit)
    stratum.size += unit.size
  }
  return [...byID.values()].sort((a, b) => compareText(a.id, b.id))
}

/** How many units of a frame are left out for one reason, on whose word. */
export type Excluded = Of<typeof excludedShape>

const excludedShape = { code: text, n: integer, evidence: text, approver: text }

/** What a plan says of its frame. */
export type Summary = Of<typeof summaryShape>

const summaryShape = {
  root: hash,
  /** Of the file. */
  sha256: hash,
  n: integer,
  eligible: integer,
  /** By code. */
  excluded: list(object(excludedShape)),
}

/** The form of a summary. */
export const summaryForm = object(summaryShape)

/** Counts a frame. Evidence and approver of exclusions are for people to fill in. */
export function summaryOf(frame: Frame): Summary {
  const counts = new Map<string, number>()
  let eligible = 0
  for (const unit of frame.units) {
    if (unit.eligible) eligible++
    else counts.set(unit.exclusion, (counts.get(unit.exclusion) ?? 0) + 1)
  }
  const excluded = [...counts].map(([code, n]) => ({ code, n, evidence: '', approver: '' }))
  return {
    root: rootOf(frame),
    sha256: frame.sha256,
    n: frame.units.length,
    eligible,
    excluded: excluded.sort((a, b) => compareText(a.code, b.code)),
  }
}
