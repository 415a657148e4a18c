import { expect, test } from 'vitest'

import { wordsOfKind } from './describe'
import { en, zh } from './words'

test('every kind of alarm has its words in both languages', () => {
  for (const { alarm } of [zh, en]) {
    const keys = Object.values(wordsOfKind).sort()
    expect(Object.keys(alarm.title).sort()).toEqual(keys)
    expect(Object.keys(alarm.meaning).sort()).toEqual(keys)
  }
})
