/** What a device and headquarters say to each other, and CBOR to say it in. */
import { Encoder } from 'cbor-x'

import { copy, type Bytes } from './bytes'
import { faultOf } from './catalogue'
import type { components } from './openapi.gen'

type Schemas = components['schemas']

/** Bytes are base64 text in JSON, which the generated types show, and octets in CBOR. */
type Octets<T, K extends keyof T> = Omit<T, K | '$schema'> & { readonly [P in K]: Uint8Array }

export type EnrolRequest = Octets<Schemas['EnrolRequest'], 'public_key' | 'signature'>
export type Enrolment = Omit<Schemas['Enrolment'], '$schema'>
export type Token = Omit<Schemas['Token'], '$schema'>
export type EntryReceipt = Schemas['EntryReceipt']
export type PullAnswer = Octets<Schemas['PullAnswer'], 'patchset'>
export type PushAnswer = Omit<Schemas['PushAnswer'], '$schema'>

/** A run of one device's entries; none at all asks what is wanted next. */
export interface PushRequest {
  readonly campaign_id: string
  readonly device_id: string
  readonly entries: readonly Uint8Array[]
  readonly signature?: Uint8Array
}

/** The only grant there is (RFC 7523 §2.1). */
export const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** A problem document (RFC 9457), reduced to what we use of it. */
export interface Problem {
  /** A code of the fault list, or '' for an answer that is no document of ours. */
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  /** Unix milliseconds, where the answer carries it. */
  readonly serverTime?: number
}

const problemPrefix = 'urn:sansuiji:problem:'

/** Reads the body of an answer that is no success. Anything foreign becomes a bare status. */
export function parseProblem(status: number, body: unknown): Problem {
  if (typeof body !== 'object' || body === null) {
    return { code: '', status, title: '', detail: '' }
  }
  const text = (name: string): string => {
    const value: unknown = Reflect.get(body, name)
    return typeof value === 'string' ? value : ''
  }
  const type = text('type')
  const code = type.startsWith(problemPrefix) ? type.slice(problemPrefix.length) : ''
  const serverTime: unknown = Reflect.get(body, 'server_time')
  return {
    code: faultOf(code) ? code : '',
    status,
    title: text('title'),
    detail: text('detail'),
    ...(typeof serverTime === 'number' ? { serverTime } : {}),
  }
}

// Plain CBOR (RFC 8949): maps as maps and byte strings as byte strings, without
// the encoder's own record and typed-array extensions.
const cbor = new Encoder({ useRecords: false, tagUint8Array: false, mapsAsObjects: true })

/** Writes CBOR. */
export function encodeCbor(value: unknown): Bytes {
  return copy(cbor.encode(value))
}

/** Reads CBOR. The caller says what it expects and checks what matters. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return cbor.decode(bytes)
}
