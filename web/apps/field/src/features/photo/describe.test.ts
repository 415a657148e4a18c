import type { PhotoView } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { draw, drawnHeight, sayBytes, stateOf } from './describe'
import { en, zh } from './words'

const photo = { hash: 'a', here: true, there: false, withdrawnAt: null } as PhotoView

test('a photo is on its way, at headquarters, or on the phone of whoever took it', () => {
  expect(stateOf(photo, null).key).toBe('here')
  expect(stateOf(photo, { hash: 'b', sent: 1, size: 2 }).key).toBe('here')
  expect(stateOf(photo, { hash: 'a', sent: 1, size: 3 }).values).toEqual({ n: 33 })
  expect(stateOf({ ...photo, there: true }, { hash: 'a', sent: 3, size: 3 }).key).toBe('there')
  const away = { ...photo, here: false, inspector: '李四' }
  expect(stateOf(away, null)).toMatchObject({ key: 'away', values: { who: '李四' } })
  expect(stateOf({ ...away, inspector: null }, null).key).toBe('awayNobody')
})

test('every place a photo can be has words in both languages', () => {
  expect(Object.keys(zh.state)).toEqual(Object.keys(en.state))
})

test('sizes are said in the unit that fits', () => {
  expect([0, 1, 1500, 1_022_976, 1_050_000, 150 << 20, 3 * 2 ** 30].map(sayBytes)).toEqual([
    '0 KB',
    '1 KB',
    '1 KB',
    '999 KB',
    '1.0 MB',
    '150 MB',
    '3.0 GB',
  ])
})

test('marks are drawn where they were put, whatever the size of the screen', () => {
  const height = drawnHeight({ width: 2000, height: 1000 })
  expect(height).toBe(500)
  expect(draw({ kind: 'box', from: [1000, 2000], to: [5000, 8000] }, height)).toEqual({
    kind: 'lines',
    d: 'M100.0 100.0L500.0 100.0L500.0 400.0L100.0 400.0L100.0 100.0',
  })
  expect(draw({ kind: 'text', at: [5000, 5000], text: '裂縫' }, height)).toMatchObject({
    x: 500,
    y: 250,
  })
  expect(draw({ kind: 'arrow', from: [0, 0], to: [10_000, 0] }, height)).toMatchObject({
    d: expect.stringContaining('M0.0 0.0L1000.0 0.0 M962.2') as string,
  })
})
