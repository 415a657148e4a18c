/** The manifest, and headquarters' signature over it. */
import { sha256 } from '@noble/hashes/sha2.js'

import { fromBase64, keyText, openNote, parseId, type Id } from '@sansuiji/protocol'

import { textOf } from './given'
import { array, number, object, text } from './json'

/** A member beside manifest and note. */
export interface Member {
  readonly path: string
  readonly size: number
  readonly sha256: string
}

/** What is in a file, and which state of the campaign it is of. */
export interface Manifest {
  readonly campaign: Id
  readonly code: string
  readonly name: string
  readonly title: string
  readonly position: number
  /** Unix milliseconds. */
  readonly at: number
  readonly epoch: Id
  /** Of the log, base64. */
  readonly root: string
  /** As people compare it. */
  readonly key: string
  readonly members: readonly Member[]
}

export const manifestPath = 'manifest.json'
export const notePath = 'manifest.note'

/** A manifest that headquarters signed, with the key. */
export interface Signed {
  readonly manifest: Manifest
  readonly key: Uint8Array
}

/** Reads a manifest and checks its note; anything else is refused. */
export function openManifest(bytes: Uint8Array, note: Uint8Array): Signed {
  const manifest = parseManifest(textOf(bytes))
  const key = keyOf(manifest)
  const name = `sansuiji/evidence/${manifest.campaign}`
  const hash = btoa(String.fromCharCode(...sha256(bytes)))
  const signed = openNote(name, textOf(note), key)
  if (signed !== `${name}\n${manifest.position}\n${hash}\n`) {
    throw new Error('the note is of another manifest')
  }
  return { manifest, key }
}

function parseManifest(json: string): Manifest {
  const top = object(JSON.parse(json))
  if (top['format'] !== 'sansuiji/evidence/1') throw new Error('not of this form')
  const members = array(top['members']).map((one) => {
    const { path, size, sha256: hash } = object(one)
    return { path: text(path), size: number(size), sha256: text(hash) }
  })
  return {
    campaign: parseId(text(top['campaign'])),
    code: text(top['code']),
    name: text(top['name']),
    title: text(object(top['report'])['title']),
    position: number(top['position']),
    at: number(top['at']),
    epoch: parseId(text(top['epoch'])),
    root: text(top['root']),
    key: text(top['key']),
    members,
  }
}

function keyOf({ key, campaign }: Manifest): Uint8Array {
  const coded = key.split('+').slice(2).join('+')
  const bytes = fromBase64(coded).subarray(1)
  if (bytes.length !== 32 || keyText(campaign, bytes) !== key) throw new Error('no key')
  return bytes
}
