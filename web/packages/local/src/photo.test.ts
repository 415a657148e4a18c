import { expect, test } from 'vitest'

import { attach } from './attach'
import { photosOf, photosOfVisit } from './attachQueries'
import { saveCaption, saveMarks, savePhotos, withdrawPhoto } from './attachSave'
import { capture } from './capture'
import { formOf, keepForm } from './form'
import { countEntries, waitingRun } from './outbox'
import { fitted, hashOf, keepPhoto, previewName } from './photo'
import { memoryPhotoFiles } from './photoFiles'
import { markPoint, readMarks, writeMarks } from './photoMarks'
import { pictureFile, taken, textDecode } from './photo.testing'
import { saveFinding, saveVerification, type FindingInput } from './record'
import { enrolledStore, ids, start } from './testing'
import { sweep } from './uploadBytes'

const finding: FindingInput = {
  id: null,
  visit: ids.visit,
  problem: null,
  kind: 'problem',
  title: '帳目未公開',
  detail: '',
  severity: null,
  place: null,
  submit: true,
}

function tools(room?: number) {
  return { files: memoryPhotoFiles(room), decode: textDecode }
}

test('a photo is made smaller, never larger, and keeps its shape', () => {
  expect(fitted({ width: 4096, height: 3072 }, 2048)).toEqual({ width: 2048, height: 1536 })
  expect(fitted({ width: 300, height: 4000 }, 320)).toEqual({ width: 24, height: 320 })
  expect(fitted({ width: 640, height: 480 }, 2048)).toEqual({ width: 640, height: 480 })
  expect(fitted({ width: 9000, height: 2 }, 320)).toEqual({ width: 320, height: 1 })
})

test('what is kept is named by its hash, and the hash of the original goes along', async () => {
  const parts = tools()
  const file = pictureFile(4000, 3000, '公示欄')
  const photo = await keepPhoto(parts, file, { source: 'camera', takenAt: start })
  expect(photo).toMatchObject({ width: 2048, height: 1536, originalSize: file.size })
  expect(photo.originalHash).toBe(await hashOf(new Uint8Array(await file.arrayBuffer())))
  const kept = await parts.files.read(photo.hash)
  expect(await kept?.text()).toBe('2048 1536 公示欄')
  expect(await (await parts.files.read(previewName(photo.hash)))?.text()).toBe('320 240 公示欄')
})

test('what is no picture is refused and leaves nothing', async () => {
  const parts = tools()
  const file = new File(['%PDF-1.7'], 'a.pdf')
  const keeping = keepPhoto(parts, file, { source: 'gallery', takenAt: start })
  await expect(keeping).rejects.toMatchObject({ code: 'unreadable' })
  expect(parts.files.names()).toEqual([])
})

test('a phone that is full says so, and no row names a photo that is not there', async () => {
  const parts = tools(30)
  await expect(taken(parts, 'a')).rejects.toMatchObject({ code: 'no-space' })
})

test('a finding and its photos are one entry', async () => {
  const store = await enrolledStore()
  const parts = tools()
  const photos = [
    await taken(parts, 'a'),
    { ...(await taken(parts, 'b')), caption: ' 裂縫 ', takenAt: start + 1 },
  ]
  const { value: id } = saveFinding(store, { ...finding, photos })
  expect(countEntries(store.database).waiting).toBe(1)
  const views = photosOf(store.database, parts.files, id)
  expect(views).toMatchObject([
    { table: 'finding', subject: id, visit: ids.visit, unit: '測試村', caption: '', here: true },
    { caption: '裂縫', there: false, unsent: true, previewed: true, source: 'camera' },
  ])
  expect(photosOfVisit(store.database, parts.files, ids.visit)).toHaveLength(2)
})

test('a photo added to a verification that says the same is an entry without the verification', async () => {
  const store = await enrolledStore()
  const parts = tools()
  const subject = { kind: 'problem', id: ids.problem } as const
  const said = { visit: ids.visit, subject, outcome: 'not', note: '', place: null } as const
  const { value: id } = saveVerification(store, said)
  saveVerification(store, { ...said, photos: [await taken(parts, 'a')] })
  expect(countEntries(store.database).waiting).toBe(2)
  expect(photosOf(store.database, parts.files, id)).toMatchObject([{ table: 'verification' }])
})

test('a save that fails leaves no row and no claim to the bytes', async () => {
  const store = await enrolledStore()
  const parts = tools()
  const photo = await taken(parts, 'a')
  const input = { visit: ids.visit, subject: { table: 'visit', id: ids.visit }, photos: [photo] }
  expect(() =>
    capture(store, (saving) => {
      attach(saving, input as Parameters<typeof attach>[1])
      throw new Error('killed')
    }),
  ).toThrow('killed')
  expect(photosOfVisit(store.database, parts.files, ids.visit)).toEqual([])
  expect(await sweep(store.database, parts.files)).toBe(2)
})

test('captions, marks and withdrawals change the row, never the photo', async () => {
  const store = await enrolledStore()
  const parts = tools()
  const photo = await taken(parts, 'a')
  const subject = { table: 'visit', id: ids.visit } as const
  const { value: id } = savePhotos(store, { visit: ids.visit, subject, photos: [photo] })
  const marks = [
    { kind: 'arrow', from: markPoint(0.1, 0.2), to: markPoint(0.5, 2) },
    { kind: 'text', at: markPoint(0.3, 0.3), text: '此處' },
  ] as const
  saveCaption(store, id, '公示欄')
  saveMarks(store, id, marks)
  expect(() => withdrawPhoto(store, id, ' ')).toThrow('reason')
  withdrawPhoto(store, id, '拍錯了')
  const [view] = photosOf(store.database, parts.files, ids.visit)
  expect(view).toMatchObject({ caption: '公示欄', marks, withdrawnReason: '拍錯了' })
  expect(view?.hash).toBe(photo.hash)
  expect(waitingRun(store.database, { entries: 9, bytes: 1e9 })).toHaveLength(4)
})

test('marks that cannot be read are none', () => {
  expect(readMarks(null)).toEqual([])
  expect(readMarks('{')).toEqual([])
  expect(readMarks('[{"kind":"box","from":[1,2]},{"kind":"text","at":[1,2],"text":"x"}]')).toEqual([
    { kind: 'text', at: [1, 2], text: 'x' },
  ])
  expect(readMarks('[{"kind":"box","from":[1,2],"to":[1,20000]}]')).toEqual([])
  expect(writeMarks([])).toBeNull()
})

test('a file that nothing names is swept; one that a row or a form names never is', async () => {
  const store = await enrolledStore()
  const parts = tools()
  const [inRow, inForm, orphan] = [
    await taken(parts, 'row'),
    await taken(parts, 'form'),
    await taken(parts, 'orphan'),
  ]
  saveFinding(store, { ...finding, photos: [inRow] })
  keepForm(store.database, formOf.newFinding(ids.visit), JSON.stringify({ photos: [inForm] }))
  // Rows go for a moment while all is pulled anew.
  store.database.run('DELETE FROM attachment')
  expect(await sweep(store.database, parts.files)).toBe(2)
  expect(parts.files.sizeOf(orphan.hash)).toBeUndefined()
  for (const { hash } of [inRow, inForm]) {
    expect(parts.files.sizeOf(hash)).toBe(100)
    expect(parts.files.sizeOf(previewName(hash))).toBeDefined()
  }
})
