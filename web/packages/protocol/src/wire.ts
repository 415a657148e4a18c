/** What a device and headquarters say to each other, and CBOR to say it in. */
import { decode, encode } from 'cborg'

import { copy, type Bytes } from './bytes'
import { faultOf } from './catalogue'
import { isId } from './id'

/** What a device learns when it is enrolled. */
export interface Enrolment {
  readonly campaign_id: string
  readonly campaign_name: string
  readonly device_id: string
  readonly inspector_id: string
  readonly inspector_name: string
  readonly team_name: string
  /** Headquarters' hybrid time, a decimal number of 64 bits. */
  readonly clock: string
  /** Unix milliseconds. */
  readonly server_time: number
  /** Headquarters' key, SubjectPublicKeyInfo; a headquarters of before does not tell it. */
  readonly hq_key?: Uint8Array
}

/** An access token (RFC 6749 §5.1). */
export interface Token {
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  /** Unix milliseconds. */
  readonly server_time: number
  /** The age recipient that a bundle for headquarters is sealed to. */
  readonly bundle_key?: string
  /** The device is to bring what it has, and to wipe itself. */
  readonly wipe_ordered?: boolean
}

/** What became of one entry. */
export interface EntryReceipt {
  readonly seq: number
  readonly outcome: 'merged' | 'duplicate' | 'held' | 'quarantined'
  /** For a duplicate: what became of it when it first arrived, or since. */
  readonly stands?: 'merged' | 'held' | 'quarantined'
  /** Why it was quarantined: a code of the fault list. */
  readonly reason?: string
  /** Conflicts in which it competes, as far as headquarters counts them. */
  readonly conflicts?: number
}

/** The answer to a push. */
export interface PushAnswer {
  readonly epoch: string
  readonly entries: readonly EntryReceipt[]
  /** The seq headquarters wants next. */
  readonly next: number
  readonly clock: string
}

/** A page of changed rows. */
export interface PullAnswer {
  readonly epoch: string
  /** What the device must hold. */
  readonly scopes: readonly string[]
  /** Full rows as INSERT, to be applied with REPLACE; DELETE for rows that left. */
  readonly patchset: Uint8Array
  readonly rows: number
  /** The cursor of the next pull. */
  readonly next: number
  /** Pull again at once; only when false has the device seen all up to `next`. */
  readonly more: boolean
  /** Rows still to come, this page included. */
  readonly total: number
  readonly clock: string
}

/** Says that a device's entries up to seq are there. */
export interface KnownHead {
  readonly device_id: string
  readonly seq: number
}

/** What headquarters' state at a revision of an epoch held of devices' entries. */
export interface Fact {
  readonly epoch: string
  readonly revision: number
  readonly heads: readonly KnownHead[]
}

/** What lets a device see that headquarters forgets nothing. Headquarters may leave any of it out. */
export interface Witness {
  /** Signed; '' for none. */
  readonly checkpoint: string
  /** The size that the proof starts at. */
  readonly from: number
  readonly proof: readonly Uint8Array[]
  /** The author's entries up to this seq are in a backup. */
  readonly backedUp: number
  /** Whose entries were merged after the cursor, and how far the rows have them. */
  readonly heads: readonly KnownHead[]
}

/** A run of one device's entries; none at all asks what is wanted next. */
export interface PushRequest {
  readonly campaign_id: string
  readonly device_id: string
  readonly entries: readonly Uint8Array[]
  readonly signature?: Uint8Array
  /** The newest checkpoint the carrier holds. */
  readonly checkpoint?: string
  /** Of all checkpoints the carrier holds. */
  readonly sizes?: readonly number[]
  readonly facts?: readonly Fact[]
}

/** How many facts one push may bring, and how many heads they may have together. */
export const factsMax = 1000
export const factHeadsMax = 10_000

/** An answer is not what it should be. */
export class ForeignAnswerError extends Error {}

type Kind = 'string' | 'number' | 'boolean' | 'bytes' | 'array'

/**
 * Checks the fields that are relied on and lets the rest be. Go writes empty
 * bytes and lists as null: they come out empty.
 */
function check(answer: unknown, fields: Readonly<Record<string, Kind>>): unknown {
  if (typeof answer !== 'object' || answer === null) throw new ForeignAnswerError('no object')
  const read: Record<string, unknown> = { ...answer }
  for (const [name, kind] of Object.entries(fields)) {
    read[name] ??= emptyOf(kind)
    if (!isKind(read[name], kind)) throw new ForeignAnswerError(`${name}: no ${kind}`)
  }
  return read
}

function emptyOf(kind: Kind): unknown {
  switch (kind) {
    case 'array':
      return []
    case 'bytes':
      return new Uint8Array()
    case 'string':
    case 'number':
    case 'boolean':
      return undefined
  }
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'array':
      return Array.isArray(value)
    case 'bytes':
      return value instanceof Uint8Array
    case 'number':
      return Number.isSafeInteger(value)
    case 'string':
    case 'boolean':
      return typeof value === kind
  }
}

/** Reads the answer to an enrolment. */
export function parseEnrolment(answer: unknown): Enrolment {
  const texts = { campaign_name: 'string', inspector_name: 'string', team_name: 'string' } as const
  const ids = { campaign_id: 'string', inspector_id: 'string', device_id: 'string' } as const
  return check(answer, { ...ids, ...texts, clock: 'string', server_time: 'number' }) as Enrolment
}

/** Reads the answer to a request for a token. */
export function parseToken(answer: unknown): Token {
  const numbers = { expires_in: 'number', server_time: 'number' } as const
  return check(answer, { access_token: 'string', ...numbers }) as Token
}

/** Reads the answer to a push. */
export function parsePushAnswer(answer: unknown): PushAnswer {
  const fields = { entries: 'array', next: 'number', epoch: 'string', clock: 'string' } as const
  return check(answer, fields) as PushAnswer
}

/** Reads the answer to a pull. */
export function parsePullAnswer(answer: unknown): PullAnswer {
  return check(answer, {
    epoch: 'string',
    scopes: 'array',
    patchset: 'bytes',
    rows: 'number',
    next: 'number',
    more: 'boolean',
    total: 'number',
    clock: 'string',
  }) as PullAnswer
}

/**
 * Which of the device's own entries, by seq, compete in open conflicts over rows of a
 * page. Headquarters may leave it out, and what is no seq counts as left out.
 */
export function disputedIn(answer: PullAnswer): readonly number[] {
  const list: unknown = Reflect.get(answer, 'disputed')
  return Array.isArray(list) ? list.filter((seq): seq is number => Number.isSafeInteger(seq)) : []
}

/**
 * Reads what an answer says of headquarters' history. What is not as it should be
 * counts as left out: it must never keep entries from being synced.
 */
export function witnessOf(answer: PushAnswer | PullAnswer): Witness {
  const field = (name: string): unknown => Reflect.get(answer, name)
  const number = (name: string): number => {
    const value = field(name)
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0
  }
  const list = (name: string): readonly unknown[] => {
    const value = field(name)
    return Array.isArray(value) ? value : []
  }
  const checkpoint = field('checkpoint')
  return {
    checkpoint: typeof checkpoint === 'string' ? checkpoint : '',
    from: number('from'),
    proof: list('proof').filter((hash): hash is Uint8Array => hash instanceof Uint8Array),
    backedUp: number('backed_up'),
    heads: list('heads').filter(isHead),
  }
}

function isHead(value: unknown): value is KnownHead {
  if (typeof value !== 'object' || value === null) return false
  const id: unknown = Reflect.get(value, 'device_id')
  return typeof id === 'string' && isId(id) && Number.isSafeInteger(Reflect.get(value, 'seq'))
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

/** Writes CBOR (RFC 8949). */
export function encodeCbor(value: unknown): Bytes {
  return copy(encode(value))
}

/** Reads CBOR. The caller says what it expects and checks what matters. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return decode(bytes)
}
