/** Requests to headquarters: CBOR out, CBOR or JSON in, refusals as problems. */
import { decodeCbor, encodeCbor, parseProblem, type Bytes } from '@sansuiji/protocol'

import { OfflineError, ProblemError } from './failure'

/** Headquarters' address and a way to reach it. */
export interface Server {
  /** Scheme, host and port. */
  readonly origin: string
  readonly fetch: (request: Request) => Promise<Response>
}

/** One request. */
export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly token?: string
  /** Sent as CBOR. */
  readonly body?: unknown
  /** Sent as a form instead. */
  readonly form?: URLSearchParams
  /** Sent as they are instead. */
  readonly bytes?: Bytes
}

/** A request that takes longer counts as unanswered. */
const answerWaitMs = 90_000

/** Bodies above this are compressed. Bytes. */
const compressAbove = 1024

/** Sends a request and gives the answer's content. */
export async function send(server: Server, call: Call): Promise<unknown> {
  const request = await requestOf(server, call)
  const response = await answerTo(server, request)
  if (response.status === 204) return undefined
  const content = await contentOf(response)
  if (!response.ok) throw new ProblemError(parseProblem(response.status, content.value))
  // A gateway that answers with a page of its own is not headquarters.
  if (!content.known) throw new OfflineError(`${call.path}: answered with a foreign page`)
  return content.value
}

async function requestOf(server: Server, call: Call): Promise<Request> {
  const headers = new Headers({ Accept: 'application/cbor' })
  if (call.token !== undefined) headers.set('Authorization', `Bearer ${call.token}`)
  const init: RequestInit = {
    method: call.method,
    headers,
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(answerWaitMs),
  }
  if (call.form) {
    init.body = call.form
  } else if (call.bytes) {
    headers.set('Content-Type', 'application/octet-stream')
    init.body = call.bytes
  } else if (call.body !== undefined) {
    headers.set('Content-Type', 'application/cbor')
    const bytes = encodeCbor(call.body)
    if (bytes.length > compressAbove) headers.set('Content-Encoding', 'gzip')
    init.body = bytes.length > compressAbove ? await gzip(bytes) : bytes
  }
  return new Request(server.origin + call.path, init)
}

async function gzip(bytes: Bytes): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}

async function answerTo(server: Server, request: Request): Promise<Response> {
  try {
    return await server.fetch(request)
  } catch (error) {
    throw new OfflineError(`${request.url}: ${String(error)}`)
  }
}

async function contentOf(response: Response): Promise<{ known: boolean; value: unknown }> {
  const type = response.headers.get('Content-Type') ?? ''
  try {
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (type.includes('cbor')) return { known: true, value: decodeCbor(bytes) }
    if (!type.includes('json')) return { known: false, value: undefined }
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return { known: true, value }
  } catch (error) {
    // Cut off in the middle: ask again later.
    throw new OfflineError(`${response.url}: ${String(error)}`)
  }
}

/** A request whose answer is read by whoever asks. */
export interface Reach {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Bytes
  /** Breaks it off. */
  readonly signal: AbortSignal
}

/** Sends a request and gives the answer as it is, its body still to come. */
export async function reach(server: Server, call: Reach, token: string): Promise<Response> {
  const stop = new AbortController()
  const abort = () => {
    stop.abort()
  }
  const late = setTimeout(abort, answerWaitMs)
  if (call.signal.aborted) abort()
  call.signal.addEventListener('abort', abort)
  try {
    const request = new Request(server.origin + call.path, {
      method: call.method,
      headers: { ...call.headers, Authorization: `Bearer ${token}` },
      cache: 'no-store',
      credentials: 'omit',
      signal: stop.signal,
      ...(call.body ? { body: call.body } : {}),
    })
    return await answerTo(server, request)
  } finally {
    clearTimeout(late)
    call.signal.removeEventListener('abort', abort)
  }
}
