/** What a verification came to, with what the page shows of the files. */
import {
  certificateHash,
  headOf,
  noHash,
  unitOf,
  Verifier,
  type Attribute,
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

/** A ceremony, and what it is published by. */
export interface Ceremony {
  /** Undefined if the certificate cannot be read. */
  readonly certificate: Certificate | undefined
  readonly hash: Hash
  /** Of the newest replacement, if there is one. */
  readonly head: Hash | undefined
}

/** What a verification came to. */
export interface Report extends Ceremony {
  readonly result: Result
  /** The drawn units by id, as far as the frame can be read. */
  readonly places: ReadonlyMap<string, Place>
}

/** Does one step after the other, and reports. */
export function* checking(files: Files): Generator<Step, Report, undefined> {
  const verifier = new Verifier(files)
  yield* verifier.steps()
  const { result, certificate, frame } = verifier
  return { ...ceremonyOf(certificate), result, places: placesOf(certificate, frame) }
}

/** The hashes of a certificate, if it can be read. */
export function ceremonyOf(certificate: Certificate | undefined): Ceremony {
  const replaced = certificate !== undefined && certificate.amendments.length > 0
  const head = replaced ? headOf(certificate) : undefined
  return { certificate, hash: certificate ? certificateHash(certificate) : noHash, head }
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
    places.set(id, { name: nameOf(unit.attributes), x: unit.x, y: unit.y })
  }
  return places
}

/** The name of a unit or a person, if it has one. */
export function nameOf(attributes: readonly Attribute[]): string {
  return attributes.find(({ key }) => names.includes(key))?.value ?? ''
}

/** The columns that are a name. */
const names = ['name', '名稱', '名称', '單位名稱', '单位名称', '姓名']
