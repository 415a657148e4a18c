/** What a verification came to, with what the page shows of the files. */
import {
  headOf,
  unitOf,
  Verifier,
  type Certificate,
  type Files,
  type Frame,
  type Hash,
  type Result,
  type Step,
} from '@sansuiji/draw'

/** A drawn unit as the frame has it. */
export interface Place {
  readonly name: string
  readonly x: number
  readonly y: number
}

/** What a verification came to. */
export interface Report {
  readonly result: Result
  /** Undefined if the certificate cannot be read. */
  readonly certificate: Certificate | undefined
  readonly hash: Hash
  /** Of the newest replacement, if there is one. */
  readonly head: Hash | undefined
  /** The drawn units by id, as far as the frame can be read. */
  readonly places: ReadonlyMap<string, Place>
}

/** Does one step after the other, and reports. */
export function* checking(files: Files): Generator<Step, Report, undefined> {
  const verifier = new Verifier(files)
  yield* verifier.steps()
  const { result, hash, certificate, frame } = verifier
  const replaced = certificate !== undefined && certificate.amendments.length > 0
  const head = replaced ? headOf(certificate) : undefined
  return { result, certificate, hash, head, places: placesOf(certificate, frame) }
}

function placesOf(
  certificate: Certificate | undefined,
  frame: Frame | undefined,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  if (frame === undefined) return places
  for (const { id } of certificate?.drawn ?? []) {
    const unit = unitOf(frame, id)
    if (unit === undefined) continue
    const name = unit.attributes.find(({ key }) => names.includes(key))?.value ?? ''
    places.set(id, { name, x: unit.x, y: unit.y })
  }
  return places
}

/** The columns that are a unit's name. */
const names = ['name', '名稱', '名称', '單位名稱', '单位名称']
