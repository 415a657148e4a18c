import { expect, test } from 'vitest'

import { isMissing, lengthText, placeOf, sizeText, smallAddress } from './facts'
import { drawnMarks, marksOf } from './marks'
import { attachmentOf } from './testing'
import { anchored, fitted, withinZoom } from './zoom'

test('what is not there is waited for, unless it was withdrawn', () => {
  expect(isMissing(attachmentOf())).toBe(false)
  expect(isMissing(attachmentOf({ there: false }))).toBe(true)
  expect(isMissing(attachmentOf({ there: false, withdrawn: true }))).toBe(false)
})

test('a photo is shown small, a signature whole', () => {
  const hash = 'a'.repeat(64)
  const base = `/api/hq/campaigns/c1/photos/${hash}`
  expect(smallAddress('c1', attachmentOf({ hash }))).toBe(`${base}/small`)
  expect(smallAddress('c1', attachmentOf({ hash, kind: 'signature' }))).toBe(base)
})

test('sizes, lengths and places are written for people', () => {
  expect([820, 54_321, 2_140_000].map(sizeText)).toEqual(['820 B', '54 KB', '2.1 MB'])
  expect([7_000, 760_400].map(lengthText)).toEqual(['0:07', '12:40'])
  expect(placeOf(attachmentOf())).toBeUndefined()
  expect(placeOf(attachmentOf({ latitude_e7: 311234567, longitude_e7: 1219876543 }))).toEqual({
    text: '31.12346, 121.98765',
    link: 'geo:31.12346,121.98765',
  })
})

test('marks are read as far as they are known, and never stop a picture from being shown', () => {
  const arrow = { kind: 'arrow', from: [1000, 2000], to: [5000, 20_000] }
  const known = [arrow, { kind: 'text', at: [3000, 3000], text: '公示欄' }]
  const unknown = [{ kind: 'star', from: [0, 0] }, 7, null, { kind: 'box', from: [0, 'a'] }]
  expect(marksOf(JSON.stringify([...unknown, ...known]))).toEqual([
    { kind: 'arrow', from: { x: 0.1, y: 0.2 }, to: { x: 0.5, y: 1 }, text: '' },
    { kind: 'text', from: { x: 0.3, y: 0.3 }, to: { x: 0.3, y: 0.3 }, text: '公示欄' },
  ])
  expect(['', '{', '{"kind":"box"}', 'null'].map(marksOf)).toEqual([[], [], [], []])
})

test('marks are read as phones write them', () => {
  const marks = [
    { kind: 'box', from: [1000, 2000], to: [5000, 10_000] },
    { kind: 'text', at: [2500, 5000], text: '缺簽字' },
    { kind: 'box', from: [1, 2, 3], to: [4, 5] },
  ]
  expect(marksOf(JSON.stringify(marks))).toEqual([
    { kind: 'box', from: { x: 0.1, y: 0.2 }, to: { x: 0.5, y: 1 }, text: '' },
    { kind: 'text', from: { x: 0.25, y: 0.5 }, to: { x: 0.25, y: 0.5 }, text: '缺簽字' },
  ])
})

test('an arrow has its head where it points to', () => {
  const marks = marksOf('[{"kind":"arrow","from":[0,5000],"to":[10000,5000]}]')
  expect(drawnMarks(marks, 600)[0]).toMatchObject({
    from: { x: 0, y: 300 },
    to: { x: 1000, y: 300 },
    end: { x: 966, y: 300 },
    head: '1000,300 966,315 966,285',
  })
})

test('a picture fits its room, and what one looks at stays in place when it grows', () => {
  expect(fitted({ width: 1600, height: 1200 }, { width: 800, height: 800 })).toEqual({
    width: 800,
    height: 600,
  })
  expect(fitted({ width: 60, height: 20 }, { width: 800, height: 800 }).width).toBe(60)
  expect(anchored(100, 50, 2)).toBe(250)
  expect([withinZoom(0.2), withinZoom(3), withinZoom(99)]).toEqual([1, 3, 8])
})
