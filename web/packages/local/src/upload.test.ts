import { describe, expect, test } from 'vitest'

import { savePhotos } from './attachSave'
import { openContact } from './contact'
import type { PhotoInput } from './photo'
import { memoryPhotoFiles } from './photoFiles'
import { FakePhotos, taken, textDecode, type Luck } from './photo.testing'
import { setId } from './state'
import { enrolledStore, ids } from './testing'
import { bytesHere } from './uploadBytes'
import { UploadQueue, type LineKind, type PhotoProgress } from './uploadQueue'
import { byteStates, chooseUpload } from './uploadState'

async function phone() {
  const store = await enrolledStore()
  const { database } = store
  const parts = { files: memoryPhotoFiles(), decode: textDecode }
  const photos = new FakePhotos()
  const { server } = photos
  const contact = openContact({ store, server, key: store.key, progress: () => undefined })
  const seen: (PhotoProgress | null)[] = []
  const waits: number[] = []
  const line: { kind: LineKind } = { kind: 'unknown' }
  const queue = new UploadQueue({
    ...{ database, files: parts.files },
    contact: () => Promise.resolve(contact),
    line: () => line.kind,
    progress: (now) => seen.push(now),
    changed: () => undefined,
    wait: (millis) => {
      waits.push(millis)
      return waits.length > 50 ? Promise.reject(new Error('it never ends')) : Promise.resolve()
    },
  })
  const save = (...all: readonly PhotoInput[]) =>
    savePhotos(store, {
      visit: ids.visit,
      subject: { table: 'visit', id: ids.visit },
      photos: all,
    })
  const waiting = () => bytesHere(database, parts.files).filter(({ state }) => !state.there)
  return { store, database, parts, photos, queue, seen, waits, line, save, waiting }
}

test('photos are sent one after another, and count once headquarters does not miss them', async () => {
  const { parts, photos, queue, save, waiting, seen } = await phone()
  const all = [await taken(parts, 'a', 300_000), await taken(parts, 'b'), await taken(parts, 'c')]
  save(...all)
  expect(waiting()).toHaveLength(3)
  await queue.kick()
  expect(waiting()).toEqual([])
  expect([...photos.have.keys()].sort()).toEqual(all.map(({ hash }) => hash).sort())
  const first = seen.filter((one) => one?.hash === all[0]?.hash).map((one) => one?.sent)
  expect(first.slice(0, 2)).toEqual([0, 131_072])
  expect(first.at(-1)).toBe(300_000)
  expect(seen.at(-1)).toBeNull()
})

describe('on a bad line', () => {
  const lucks: readonly Luck[] = ['answer lost', 'cut off', 'damaged']
  test.each(lucks)('a piece with %s is made good', async (luck) => {
    const { parts, photos, queue, save, waiting } = await phone()
    const photo = await taken(parts, 'a', 400_000)
    save(photo)
    let n = 0
    photos.luck = () => (++n === 2 ? luck : 'answered')
    await queue.kick()
    expect(waiting()).toEqual([])
    expect(photos.have.get(photo.hash)).toHaveLength(400_000)
  })

  test('that loses every second answer, all arrive all the same', async () => {
    const { parts, photos, queue, save, waiting } = await phone()
    for (const name of 'abcd') save(await taken(parts, name, 300_000))
    let n = 0
    photos.luck = () => (['answered', 'answer lost', 'cut off'] as const)[++n % 3] ?? 'answered'
    await queue.kick()
    expect(waiting()).toEqual([])
    expect(photos.have.size).toBe(4)
  })

  test('an upload goes on where it stood, after whatever ended the app', async () => {
    const { parts, photos, queue, save } = await phone()
    const photo = await taken(parts, 'a', 400_000)
    save(photo)
    const half = new Uint8Array((await (await parts.files.read(photo.hash))?.arrayBuffer()) ?? [])
    photos.incoming.set(photo.hash, { length: 400_000, bytes: half.slice(0, 399_000) })
    await queue.kick()
    expect(photos.log).toEqual(['HEAD', 'PATCH'])
    expect(photos.have.get(photo.hash)?.length).toBe(400_000)
  })

  test('with nobody at the other end it waits longer each time, and goes on by itself', async () => {
    const { parts, photos, queue, save, waits, waiting } = await phone()
    save(await taken(parts, 'a'))
    photos.headquarters.online = false
    const end = queue.kick()
    while (waits.length < 5) await new Promise((done) => setTimeout(done))
    expect(queue.hold()).toBe('offline')
    expect(waits.slice(0, 5)).toEqual([5_000, 15_000, 60_000, 300_000, 300_000])
    photos.headquarters.online = true
    await end
    expect(waiting()).toEqual([])
    expect(queue.hold()).toBeNull()
  })
})

test('a photo that is damaged in the phone says so and does not stop the others', async () => {
  const { parts, photos, queue, save, database } = await phone()
  const [bad, good] = [await taken(parts, 'a'), await taken(parts, 'b')]
  save(bad, good)
  await parts.files.write(bad.hash, new Uint8Array(100))
  await queue.kick()
  expect([...photos.have.keys()]).toEqual([good.hash])
  expect(byteStates(database).get(bad.hash)?.failure).toEqual({ kind: 'photo', code: 'damaged' })
})

test('a photo whose row headquarters does not know yet waits for the next sync', async () => {
  const { parts, photos, queue, save, database } = await phone()
  const photo = await taken(parts, 'a')
  save(photo)
  photos.promised.add('another')
  await queue.kick()
  const failure = byteStates(database).get(photo.hash)?.failure
  expect(failure).toMatchObject({ kind: 'problem', problem: { code: 'attachment-unknown' } })
  photos.promised.add(photo.hash)
  await queue.kick()
  expect(byteStates(database).get(photo.hash)).toMatchObject({ there: true, failure: null })
})

test('paused, nothing is sent; a piece under way is broken off', async () => {
  const { parts, photos, queue, save, database, waiting } = await phone()
  save(await taken(parts, 'a', 400_000))
  chooseUpload(database, { paused: true, wifiOnly: false })
  await queue.kick()
  expect(photos.log).toEqual([])
  expect(queue.hold()).toBe('paused')

  chooseUpload(database, { paused: false, wifiOnly: false })
  photos.onRequest = (method) => {
    if (method !== 'PATCH' || photos.log.length < 3) return
    chooseUpload(database, { paused: true, wifiOnly: false })
    void queue.kick()
  }
  await queue.kick()
  expect(waiting()).toHaveLength(1)
  photos.onRequest = () => undefined
  chooseUpload(database, { paused: false, wifiOnly: false })
  await queue.kick()
  expect(waiting()).toEqual([])
})

test('only by Wi-Fi means not by a line that costs', async () => {
  const { parts, photos, queue, save, database, line, waiting } = await phone()
  save(await taken(parts, 'a'))
  chooseUpload(database, { paused: false, wifiOnly: true })
  line.kind = 'paid'
  await queue.kick()
  expect(photos.have.size).toBe(0)
  expect(queue.hold()).toBe('wifi')
  line.kind = 'free'
  await queue.kick()
  expect(waiting()).toEqual([])
})

test('a headquarters that was restored is asked again and gets what it lost', async () => {
  const { parts, photos, queue, save, database, waiting } = await phone()
  const photo = await taken(parts, 'a')
  save(photo)
  setId(database, 'hq_epoch', ids.epoch)
  await queue.kick()
  photos.have.clear()
  await queue.kick()
  expect(photos.have.size).toBe(0) // it said once that it has it, and nothing says otherwise
  setId(database, 'hq_epoch', ids.laterEpoch)
  await queue.kick()
  expect(photos.have.size).toBe(1)
  expect(waiting()).toEqual([])
})
