/** What the tests of photos share: pictures, and a headquarters that takes them by tus. */
import { decodeCbor, fromHex, join, toHex, type Bytes } from '@sansuiji/protocol'

import { keepPhoto, type Decode, type PhotoInput, type PhotoTools } from './photo'
import { FakeHeadquarters, refuse, reply, start } from './testing'

/** A picture that is its text: `width height rest`. */
export const textDecode: Decode = async (file) => {
  const [width = '', height = '', rest] = (await file.text()).split(' ')
  if (rest === undefined) throw new Error('no picture')
  return {
    width: Number(width),
    height: Number(height),
    jpeg: (w, h) => Promise.resolve(new TextEncoder().encode(`${w} ${h} ${rest}`)),
    close: () => undefined,
  }
}

/** A file of so many pixels. */
export function pictureFile(width: number, height: number, rest: string): File {
  return new File([`${width} ${height} ${rest}`], 'photo.jpg', { type: 'image/jpeg' })
}

/** Keeps a picture whose bytes are as long as wanted. */
export async function taken(tools: PhotoTools, name: string, size = 100): Promise<PhotoInput> {
  const file = pictureFile(10, 10, name.padEnd(size - 6, '.'))
  const photo = await keepPhoto(tools, file, { source: 'camera', takenAt: start })
  return { ...photo, caption: '', place: null }
}

interface Incoming {
  readonly length: number
  bytes: Bytes
}

/** What becomes of a request: it is answered, or its answer or half of it is lost. */
export type Luck = 'answered' | 'answer lost' | 'cut off' | 'damaged'

/** Takes photos as headquarters does, on a line that a test scripts. */
export class FakePhotos {
  readonly headquarters = new FakeHeadquarters()
  readonly have = new Map<string, Bytes>()
  readonly incoming = new Map<string, Incoming>()
  /** Hashes that a row names; all where there are none. */
  readonly promised = new Set<string>()
  /** Methods and what became of them. */
  readonly log: string[] = []
  /** Says what becomes of each PATCH. */
  luck: () => Luck = () => 'answered'
  /** Called before each answer. */
  onRequest: (method: string) => void = () => undefined

  readonly server = {
    origin: 'https://hq.example',
    fetch: (request: Request): Promise<Response> => this.#answer(request),
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith('/api/v1/photos/')) return this.headquarters.server.fetch(request)
    if (!this.headquarters.online) throw new TypeError('network')
    this.onRequest(request.method)
    request.signal.throwIfAborted()
    if (pathname.endsWith('/missing')) return this.#missing(request)
    const hash = pathname.split('-').at(-1) ?? ''
    this.log.push(request.method)
    switch (request.method) {
      case 'HEAD':
        return this.#head(hash)
      case 'POST':
        return this.#create(request)
      default:
        return this.#patch(hash, request)
    }
  }

  async #missing(request: Request): Promise<Response> {
    const packed = request.headers.get('Content-Encoding') === 'gzip'
    const body = request.body as ReadableStream<Uint8Array<ArrayBuffer>>
    const plain = packed ? body.pipeThrough(new DecompressionStream('gzip')) : body
    const bytes = new Uint8Array(await new Response(plain).arrayBuffer())
    const { hashes } = decodeCbor(bytes) as { readonly hashes: readonly string[] }
    return reply({ missing: hashes.filter((hash) => !this.have.has(hash)) })
  }

  #head(hash: string): Response {
    const size = this.have.get(hash)?.length
    if (size !== undefined) return offset(200, size)
    const under = this.incoming.get(hash)
    return under ? offset(200, under.bytes.length) : new Response(null, { status: 404 })
  }

  #create(request: Request): Response {
    const said = request.headers.get('Upload-Metadata') ?? ''
    const hash = atob(said.split(' ')[1] ?? '')
    if (this.promised.size > 0 && !this.promised.has(hash)) return refuse(409, 'attachment-unknown')
    const length = Number(request.headers.get('Upload-Length'))
    this.incoming.set(hash, { length, bytes: new Uint8Array() })
    return new Response(null, { status: 201 })
  }

  async #patch(hash: string, request: Request): Promise<Response> {
    const under = this.incoming.get(hash)
    if (!under) return new Response(null, { status: 404 })
    if (Number(request.headers.get('Upload-Offset')) !== under.bytes.length) {
      return new Response(null, { status: 409 })
    }
    const luck = this.luck()
    const body = new Uint8Array(await request.arrayBuffer())
    if (luck === 'damaged') body[0] = (body[0] ?? 0) ^ 1
    const arrived = luck === 'cut off' ? body.subarray(0, body.length >> 1) : body
    under.bytes = join(under.bytes, arrived)
    const answer = await this.#taken(hash, under)
    if (luck === 'cut off' || luck === 'answer lost') throw new TypeError(luck)
    return answer
  }

  async #taken(hash: string, { length, bytes }: Incoming): Promise<Response> {
    if (bytes.length < length) return offset(204, bytes.length)
    this.incoming.delete(hash)
    const real = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    if (toHex(real) !== toHex(fromHex(hash))) return refuse(422, 'attachment-hash')
    this.have.set(hash, bytes)
    return offset(204, bytes.length)
  }
}

function offset(status: number, at: number): Response {
  return new Response(null, { status, headers: { 'Upload-Offset': String(at) } })
}
