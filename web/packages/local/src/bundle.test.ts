import { decodeCbor, parseEntry, parsePushAnswer, type PushRequest } from '@sansuiji/protocol'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'

import { savePhotos } from './attachSave'
import { bundleOf } from './bundle'
import { memoryBundleFiles } from './bundleFiles'
import { countStages } from './outbox'
import { memoryPhotoFiles } from './photoFiles'
import { taken, textDecode } from './photo.testing'
import { saveFinding } from './record'
import { set } from './state'
import { sync } from './sync'
import { contactOf, enrolledStore, FakeHeadquarters, ids } from './testing'
import { noteThere } from './uploadState'

const finding = {
  ...{ id: null, visit: ids.visit, problem: null, kind: 'problem' as const, detail: '' },
  ...{ severity: null, place: null, submit: true },
}

/** Members of a tar file by their names. */
function membersOf(file: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const text = (from: number, size: number) =>
    new TextDecoder().decode(file.subarray(from, from + size)).replace(/\0.*$/s, '')
  const found = new Map<string, Uint8Array>()
  for (let at = 0; file[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    found.set(text(at, 100), file.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return found
}

async function phone(photos: number) {
  const store = await enrolledStore()
  const files = memoryPhotoFiles()
  const tools = { files, decode: textDecode }
  const hashes: string[] = []
  for (let i = 0; i < photos; i++) {
    saveFinding(store, { ...finding, title: `第${i}條` })
    const photo = await taken(tools, `photo${i}`, 700 + i)
    savePhotos(store, {
      visit: ids.visit,
      subject: { table: 'visit', id: ids.visit },
      photos: [photo],
    })
    hashes.push(photo.hash)
  }
  return { store, files, hashes }
}

async function written(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const blob = await memoryBundleFiles().write(stream)
  return new Uint8Array(await blob.arrayBuffer())
}

test('what headquarters lacks is in one file that only headquarters opens', async () => {
  const { store, files, hashes } = await phone(3)
  const identity = await generateIdentity()
  set(store.database, 'bundle_key', await identityToRecipient(identity))
  noteThere(store.database, [hashes[1] ?? ''], true)
  const bundle = await bundleOf({ store, key: store.key, files, attachments: true })
  expect(bundle).toMatchObject({ entries: 6, unsent: 6, attachments: 2, sealed: true })
  const sealed = await written(await bundle.stream())
  expect(new TextDecoder('latin1').decode(sealed)).not.toContain('photo0')

  const opener = new Decrypter()
  opener.addIdentity(identity)
  const members = membersOf(await opener.decrypt(sealed))
  expect([...members.keys()]).toEqual([
    'bundle.json',
    'entries.cbor',
    ...hashes
      .filter((_, i) => i !== 1)
      .map((hash) => `attachments/${hash}`)
      .sort(),
  ])
  const manifest: unknown = JSON.parse(new TextDecoder().decode(members.get('bundle.json')))
  expect(manifest).toMatchObject({ format: 'sansuiji-bundle-1', entries: 6, attachments: 2 })
})

test('its entries are what a push would bring, also those that are in no backup', async () => {
  const { store, files } = await phone(2)
  const headquarters = new FakeHeadquarters()
  await sync(contactOf(store, headquarters))
  saveFinding(store, { ...finding, title: '最後一條' })
  set(store.database, 'backed_up', 1)
  const bundle = await bundleOf({ store, key: store.key, files, attachments: false })
  expect(bundle).toMatchObject({ entries: 4, unsent: 1, attachments: 0, sealed: false })
  const members = membersOf(await written(await bundle.stream()))
  const [run] = decodeCbor(members.get('entries.cbor') ?? new Uint8Array()) as PushRequest[]
  expect(run?.entries.map((entry) => parseEntry(entry).seq)).toEqual([2, 3, 4, 5])

  // Headquarters takes it; the phone then finds that it is there.
  const body = { ...run }
  const { server } = headquarters
  const contact = contactOf(store, headquarters)
  parsePushAnswer(await contact.send({ method: 'POST', path: '/api/v1/push', body }))
  expect(countStages(store.database).phone).toBe(1)
  expect(await sync(contact)).toMatchObject({ failure: null })
  expect(countStages(store.database)).toMatchObject({ phone: 0, headquarters: 5 })
  expect(server.origin).toBe('https://hq.example')
})
