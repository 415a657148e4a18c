import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import { openContact, type Contact } from './contact'
import { failureOf } from './failure'
import { dropMap, fetchMap, mapFile, mapStatus } from './map'
import { memoryMapFiles } from './mapFiles'
import { enrolledStore, FakeHeadquarters, reply } from './testing'

/** A headquarters with a map, on a line that breaks off when a test says so. */
class Maps {
  readonly headquarters = new FakeHeadquarters()
  content = Buffer.alloc(2_600_000, 'first map ')
  /** What it gives out, where that is not what it says. */
  damaged: Buffer | null = null
  /** After so many pieces the line is cut. */
  pieces = Infinity
  readonly ranges: string[] = []

  get hash(): string {
    return createHash('sha256').update(this.content).digest('hex')
  }

  readonly server = {
    origin: 'https://hq.example',
    fetch: (request: Request): Promise<Response> => this.#answer(request),
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith('/api/v1/map')) return this.headquarters.server.fetch(request)
    if (pathname === '/api/v1/map') {
      const map = { name: 'default', size: this.content.length, sha256: this.hash }
      return reply(this.content.length > 0 ? { map } : {})
    }
    if (this.pieces-- <= 0) throw new TypeError('network')
    const range = request.headers.get('Range') ?? ''
    this.ranges.push(range)
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
    const part = (this.damaged ?? this.content).subarray(Number(from), Number(to) + 1)
    return new Response(Uint8Array.from(part), { status: 206 })
  }
}

async function world() {
  const store = await enrolledStore()
  const maps = new Maps()
  const { key } = store
  const contact: Contact = openContact({
    ...{ store, key, server: maps.server },
    progress: () => undefined,
  })
  const files = memoryMapFiles()
  const said: number[] = []
  const progress = (fetched: number) => void said.push(fetched)
  const fetching = { contact, files, signal: new AbortController().signal, progress }
  return { maps, files, said, fetching, database: store.database }
}

test('a map goes on where the line was cut, and is shown once its hash is right', async () => {
  const { maps, files, said, fetching, database } = await world()
  maps.pieces = 1
  await expect(fetchMap(fetching)).rejects.toThrow()
  expect(await mapStatus(database, files)).toMatchObject({
    here: null,
    offered: { name: 'default', size: 2_600_000 },
    fetched: 1 << 20,
  })
  expect(await mapFile(database, files)).toBeNull()
  maps.pieces = Infinity
  await fetchMap(fetching)
  expect(maps.ranges[1]).toBe(`bytes=${1 << 20}-${(2 << 20) - 1}`)
  expect(maps.ranges).toHaveLength(3)
  expect(said.at(-1)).toBe(2_600_000)
  const file = await mapFile(database, files)
  const bytes = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer())
  expect(maps.content.equals(bytes)).toBe(true)

  maps.ranges.length = 0
  await fetchMap(fetching)
  expect(maps.ranges.length, 'the same one again').toBe(0)
})

test('another map takes the place of the first once it is whole, and damage is not shown', async () => {
  const { maps, files, fetching, database } = await world()
  await fetchMap(fetching)
  const first = maps.hash
  maps.content = Buffer.alloc(1_500_000, 'second map ')
  maps.damaged = Buffer.alloc(1_500_000, 'not that map ')
  expect(await fetchMap(fetching).then(() => null, failureOf)).toEqual({ kind: 'offline' })
  expect(await mapStatus(database, files)).toMatchObject({ here: { sha256: first }, fetched: 0 })
  maps.damaged = null
  await fetchMap(fetching)
  expect(await files.names()).toEqual([maps.hash])
  await dropMap(database, files)
  expect(await mapStatus(database, files)).toMatchObject({ here: null })
  maps.content = Buffer.alloc(0)
  await fetchMap(fetching)
  expect(await mapStatus(database, files)).toEqual({ here: null, offered: null, fetched: 0 })
})
