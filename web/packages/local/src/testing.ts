/** What the tests of this package share: a device, headquarters' rows, a headquarters that answers. */
import {
  beforeMax,
  copy,
  decodeCbor,
  encodeCbor,
  entryHash,
  idBytes,
  newId,
  parseEntry,
  parseId,
  schemaVersion,
  tables,
  unpackRun,
  type Bytes,
  type EntryReceipt,
  type Id,
  type PushRequest,
} from '@sansuiji/protocol'

import type { Store } from './capture'
import { openContact, type Contact } from './contact'
import { openMemory, type Database, type Row } from './database'
import type { Server } from './http'
import { memoryKeys, type DeviceKey } from './keys'
import { set, setId } from './state'

export const ids = {
  campaign: parseId('0190a000-0000-7000-8000-000000000001'),
  device: parseId('0190a000-0000-7000-8000-000000000002'),
  inspector: parseId('0190a000-0000-7000-8000-000000000003'),
  team: parseId('0190a000-0000-7000-8000-000000000004'),
  unit: parseId('0190a000-0000-7000-8000-000000000005'),
  visit: parseId('0190a000-0000-7000-8000-000000000006'),
  problem: parseId('0190a000-0000-7000-8000-000000000007'),
  commitment: parseId('0190a000-0000-7000-8000-000000000008'),
  epoch: parseId('0190a000-0000-4000-8000-0000000000e1'),
  laterEpoch: parseId('0190a000-0000-4000-8000-0000000000e2'),
}

/** A store whose clock ticks a second at each look and whose randomness counts. */
export interface TestStore extends Store {
  /** Sets what the clock shows next, Unix milliseconds. */
  readonly setClock: (millis: number) => void
}

export const start = Date.UTC(2026, 10, 23, 8)

/** An empty database with a clock of its own. */
export async function emptyStore(): Promise<TestStore> {
  let now = start
  let drawn = 0
  return {
    database: await openMemory(),
    clock: () => (now += 1000),
    random: (count) => Uint8Array.from({ length: count }, () => ++drawn % 251),
    setClock: (millis) => {
      now = millis
    },
  }
}

/** A device that is enrolled and holds one visit with one problem and one commitment. */
export async function enrolledStore(): Promise<TestStore & { readonly key: DeviceKey }> {
  const store = await emptyStore()
  const key = await memoryKeys().create()
  const { database } = store
  setId(database, 'device_id', ids.device)
  setId(database, 'campaign_id', ids.campaign)
  setId(database, 'inspector_id', ids.inspector)
  set(database, 'inspector_name', '測試甲')
  set(database, 'schema', schemaVersion)
  set(database, 'public_key', key.publicKey)
  seedRows(database)
  return { ...store, key }
}

/** The rows headquarters would have sent. */
export function seedRows(database: Database): void {
  const unit = `INSERT INTO unit (id, code, name, category) VALUES (?, 'U1', '測試村', 'village')`
  database.run(unit, idBytes(ids.unit))
  const visit = 'INSERT INTO visit (id, team_id, unit_id, sequence) VALUES (?, ?, ?, 1)'
  database.run(visit, idBytes(ids.visit), idBytes(ids.team), idBytes(ids.unit))
  const problem = `INSERT INTO problem (id, unit_id, number, title) VALUES (?, ?, 1, '臺賬不全')`
  database.run(problem, idBytes(ids.problem), idBytes(ids.unit))
  const commitment = `INSERT INTO commitment (id, unit_id, number, title) VALUES (?, ?, 1, '修路')`
  database.run(commitment, idBytes(ids.commitment), idBytes(ids.unit))
}

/** All rows of the synced tables, to compare databases by. */
export function contents(database: Database): Readonly<Record<string, readonly Row[]>> {
  return Object.fromEntries(
    tables.map(({ name }) => [name, database.rows(`SELECT * FROM ${name} ORDER BY id`)]),
  )
}

/** What headquarters would send of the changes that `work` makes to a copy of `base`. */
export async function patchset(
  work: (database: Database) => void,
  base: (database: Database) => void = () => undefined,
): Promise<Bytes> {
  const database = await openMemory()
  base(database)
  const { capi, wasm } = database.sqlite3
  const before = wasm.pstack.pointer
  const [session, size, data] = [wasm.pstack.alloc(8), wasm.pstack.alloc(8), wasm.pstack.alloc(8)]
  capi.sqlite3session_create(database.connection, 'main', session)
  capi.sqlite3session_attach(wasm.peekPtr(session), null)
  work(database)
  capi.sqlite3session_patchset(wasm.peekPtr(session), size, data)
  const [at, length] = [wasm.peekPtr(data), wasm.peek32(size)]
  const bytes = Uint8Array.from(wasm.heap8u().subarray(at, at + length))
  wasm.pstack.restore(before)
  return bytes
}

/** A page as a test scripts it. */
export interface ScriptedPage {
  readonly patchset?: Uint8Array
  readonly next: number
  readonly more?: boolean
  readonly scopes?: readonly string[]
  readonly epoch?: Id
  /** What else the answer says: checkpoint, proof, heads, … */
  readonly witness?: object
}

type Answer = { readonly problem: string } | ScriptedPage

/** A headquarters that keeps entries in memory and answers pulls from a script. */
export class FakeHeadquarters {
  readonly server: Server
  readonly held: (Uint8Array | undefined)[] = []
  /** What is said of new entries, by seq; merged where nothing is set. */
  readonly verdicts = new Map<number, Pick<EntryReceipt, 'outcome' | 'reason'>>()
  /** Answers to pulls, used up from the front; then empty pages. */
  readonly pages: Answer[] = []
  /** The queries of the pulls that came. */
  readonly pulls: URLSearchParams[] = []
  /** How many entries each push brought. */
  readonly pushes: number[] = []
  /** The bodies of the pushes, and the epoch that each named. */
  readonly told: (PushRequest & { readonly epoch: string | null })[] = []
  /** What else the answers to pushes say. */
  witness: object = {}
  epoch = ids.epoch
  online = true
  /** Whether it knows packed pushes, of a device that has pushed before. */
  takesPacked = false
  /** Packed pushes that came, and how large they were. */
  readonly packed: number[] = []
  /** Called before each answer. */
  onRequest: (path: string) => void = () => undefined

  constructor() {
    this.server = {
      origin: 'https://hq.example',
      fetch: (request) => this.answer(request),
    }
  }

  /** Forgets all entries from a seq on, as a restored backup does. */
  forgetFrom(seq: number): void {
    this.held.length = seq - 1
    this.epoch = ids.laterEpoch
  }

  async answer(request: Request): Promise<Response> {
    if (!this.online) throw new TypeError('network')
    const { pathname, searchParams } = new URL(request.url)
    this.onRequest(pathname)
    switch (pathname) {
      case '/api/v1/token':
        return reply({
          access_token: 't',
          token_type: 'Bearer',
          expires_in: 600,
          server_time: start,
        })
      case '/api/v1/push':
        return this.#push(
          decodeCbor(await unpack(request)) as PushRequest,
          searchParams.get('epoch'),
        )
      case '/api/v1/push/packed':
        if (!this.takesPacked) return refuse(404, 'not-found')
        return this.#pushPacked(new Uint8Array(await request.arrayBuffer()), searchParams)
      case '/api/v1/pull':
        return this.#pull(searchParams)
      default:
        return refuse(404, 'not-found')
    }
  }

  #push(request: PushRequest, epoch: string | null): Response {
    const { entries } = request
    this.told.push({ ...request, epoch })
    if (entries.length > 0 && epoch !== null && epoch !== this.epoch) {
      return refuse(409, 'cursor-ahead')
    }
    this.pushes.push(entries.length)
    const first = entries[0] && parseEntry(entries[0]).seq
    if (first !== undefined && first > this.held.length + 1) return refuse(409, 'chain-gap')
    const receipts = entries.map((bytes): EntryReceipt => {
      const { seq } = parseEntry(bytes)
      const verdict = this.verdicts.get(seq) ?? { outcome: 'merged' }
      const known = this.held[seq - 1] !== undefined
      this.held[seq - 1] = bytes
      if (!known) return { seq, ...verdict }
      return { seq, ...verdict, outcome: 'duplicate', stands: verdict.outcome as 'merged' }
    })
    return reply({
      epoch: this.epoch,
      entries: receipts,
      next: this.held.length + 1,
      clock: '117309440008060935',
      ...this.witness,
    })
  }

  async #pushPacked(body: Uint8Array, query: URLSearchParams): Promise<Response> {
    const before = this.held.filter((entry) => entry !== undefined).slice(-beforeMax)
    const last = before.at(-1)
    if (last === undefined) return refuse(409, 'push-plain-wanted')
    this.packed.push(body.length)
    const { campaign, device } = parseEntry(last)
    const place = { campaign, device, previous: entryHash(copy(last)), before }
    const entries = (await unpackRun(copy(body.subarray(64)), place)).map(copy)
    const request = { campaign_id: campaign, device_id: device, entries }
    return this.#push(request, query.get('epoch'))
  }

  #pull(query: URLSearchParams): Response {
    this.pulls.push(query)
    const page = this.pages.shift() ?? { next: Number(query.get('after')) }
    if ('problem' in page) return refuse(409, page.problem)
    return reply({
      epoch: page.epoch ?? this.epoch,
      scopes: page.scopes ?? ['campaign'],
      patchset: page.patchset ?? new Uint8Array(),
      rows: 1,
      next: page.next,
      more: page.more ?? false,
      total: 1,
      clock: '117309440008060935',
      ...page.witness,
    })
  }
}

async function unpack(request: Request): Promise<Uint8Array> {
  const packed = request.headers.get('Content-Encoding') === 'gzip'
  const body = request.body as ReadableStream<Uint8Array<ArrayBuffer>>
  const plain = packed ? body.pipeThrough(new DecompressionStream('gzip')) : body
  return new Uint8Array(await new Response(plain).arrayBuffer())
}

/** An answer in CBOR. */
export function reply(value: unknown): Response {
  return new Response(encodeCbor(value), { headers: { 'Content-Type': 'application/cbor' } })
}

/** A problem document. */
export function refuse(status: number, code: string, more: object = {}): Response {
  const body = JSON.stringify({
    type: `urn:sansuiji:problem:${code}`,
    title: code,
    status,
    ...more,
  })
  return new Response(body, { status, headers: { 'Content-Type': 'application/problem+json' } })
}

/** A contact between a device and a headquarters of a test. */
export function contactOf(
  store: Store & { readonly key: DeviceKey },
  headquarters: FakeHeadquarters,
): Contact {
  const { server } = headquarters
  return openContact({ store, server, key: store.key, progress: () => undefined })
}

/** A fresh id for rows of others. */
export function someId(n: number): Id {
  return newId(start, (count) => new Uint8Array(count).fill(n))
}
