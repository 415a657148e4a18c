/**
 * Sends the bytes of one attachment by tus 1.0.0 (docs/PROTOCOL.md §14). The upload's
 * address follows from campaign and hash, so there is nothing to remember: whatever broke
 * off, by whichever device, goes on where headquarters says it stands.
 *
 * Written with fetch: a client library would bring its own memory of addresses, its own
 * retries and XMLHttpRequest, and of the protocol only three requests are needed.
 */
import { parseProblem, type Id } from '@sansuiji/protocol'

import type { Contact } from './contact'
import { isProblem, OfflineError, ProblemError } from './failure'
import { hashOf, PhotoError } from './photo'

/** What is sent. */
export interface Upload {
  readonly campaign: Id
  /** SHA-256 in hexadecimal. */
  readonly hash: string
  readonly bytes: Blob
  /** How many bytes headquarters has. */
  readonly progress: (sent: number) => void
  readonly signal: AbortSignal
  readonly wait: (millis: number) => Promise<void>
}

const folder = '/api/v1/photos/upload/'

/** A piece grows and shrinks between these, so that one takes about two seconds. Bytes. */
const pieceMin = 32 << 10
const pieceFirst = 128 << 10
const pieceMax = 1 << 20
const pieceMs = 2_000

/** How often in a row nothing may move before it is given up for now. */
const standsMax = 4

/** How often bytes that were damaged on the way are sent anew. */
const damagedMax = 3

/** What was broken off may hold its upload for this long. Milliseconds. */
const lockedWaitMs = 1_000

/** Sends the bytes, from where an earlier attempt stopped. When it returns, headquarters took them. */
export async function upload(contact: Contact, job: Upload): Promise<void> {
  for (let damaged = 1; ; damaged++) {
    try {
      await sendRest(contact, job)
      return
    } catch (error) {
      if (!isProblem(error, 'attachment-hash') || damaged >= damagedMax) throw error
      // On the way, or here?
      const here = await hashOf(new Uint8Array(await job.bytes.arrayBuffer()))
      if (here !== job.hash) throw new PhotoError('damaged')
    }
  }
}

async function sendRest(contact: Contact, job: Upload): Promise<void> {
  const { size } = job.bytes
  let piece = pieceFirst
  let stands = 0
  let offset = await begin(contact, job)
  job.progress(offset)
  while (offset < size) {
    const begun = contact.store.clock()
    const next = await sendPiece(contact, job, offset, piece)
    if (next === null) {
      if (++stands >= standsMax) throw new OfflineError(`upload ${job.hash}: it does not move`)
      piece = Math.max(pieceMin, piece >> 2)
      await job.wait(lockedWaitMs * stands)
      offset = await begin(contact, job)
    } else {
      const took = contact.store.clock() - begun
      piece = took < pieceMs ? Math.min(pieceMax, piece * 2) : Math.max(pieceMin, piece >> 1)
      if (next > offset) stands = 0
      offset = next
    }
    job.progress(offset)
  }
}

/** How far the upload is; begins it where there is none. Bytes. */
async function begin(contact: Contact, job: Upload): Promise<number> {
  const offset = await stand(contact, job)
  if (offset !== null) return offset
  const response = await contact.reach({
    method: 'POST',
    path: folder,
    headers: {
      ...tus,
      'Upload-Length': String(job.bytes.size),
      'Upload-Metadata': `sha256 ${btoa(job.hash)}`,
    },
    signal: job.signal,
  })
  if (!response.ok) throw await problemOf(response)
  return 0
}

/** How far headquarters says it is; nothing when it knows of no such upload. */
async function stand(contact: Contact, job: Upload): Promise<number | null> {
  const { signal } = job
  const path = addressOf(job)
  const response = await contact.reach({ method: 'HEAD', path, headers: tus, signal })
  if (response.status === 404) return null
  if (!response.ok) throw headProblem(response)
  return offsetOf(response)
}

/** Sends one piece. Gives how far it is, or nothing when that must be asked for. */
async function sendPiece(
  contact: Contact,
  job: Upload,
  offset: number,
  piece: number,
): Promise<number | null> {
  const part = job.bytes.slice(offset, offset + piece)
  const body = new Uint8Array(await part.arrayBuffer())
  const headers = {
    ...tus,
    'Content-Type': 'application/offset+octet-stream',
    'Upload-Offset': String(offset),
  }
  let response: Response
  try {
    const { signal } = job
    response = await contact.reach({ method: 'PATCH', path: addressOf(job), headers, body, signal })
  } catch (error) {
    // The answer may have been lost alone: what arrived counts.
    if (error instanceof OfflineError && !job.signal.aborted) return null
    throw error
  }
  if (response.ok) return offsetOf(response)
  // Another device is ahead, an earlier request still holds it, or it is gone.
  if ([404, 409, 410, 423].includes(response.status)) return null
  throw await problemOf(response)
}

const tus = { 'Tus-Resumable': '1.0.0' }

function addressOf({ campaign, hash }: Upload): string {
  return `${folder}${campaign.replaceAll('-', '')}-${hash}`
}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get('Upload-Offset') ?? NaN)
  // A gateway that answers with a page of its own is not headquarters.
  if (!Number.isInteger(offset)) throw new OfflineError(`${response.url}: no offset`)
  return offset
}

/** Answers to HEAD have no body; the status is all there is. */
function headProblem(response: Response): Error {
  if (response.status >= 500 || response.status === 423) {
    return new OfflineError(`${response.url}: ${response.status}`)
  }
  return new ProblemError(parseProblem(response.status, undefined))
}

async function problemOf(response: Response): Promise<Error> {
  const type = response.headers.get('Content-Type') ?? ''
  const body = await response.text().catch(() => '')
  if (type.includes('json')) {
    const problem = parseProblem(response.status, parsed(body))
    if (problem.code !== '' || response.status < 500) return new ProblemError(problem)
  }
  return new OfflineError(`${response.url}: ${response.status} ${body.slice(0, 200)}`)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}
