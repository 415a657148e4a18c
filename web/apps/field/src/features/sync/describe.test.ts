import type { Described } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { actKey, stages } from './describe'
import { en, zh } from './words'

test('every change has words, whatever its table', () => {
  const change = (table: string, operation: 'insert' | 'update') =>
    actKey({ table, operation } as Described)
  expect(change('finding', 'insert')).toBe('sync.act.insert.finding')
  expect(change('question', 'update')).toBe('sync.act.update.other')
  expect(Object.keys(zh.act.insert)).toEqual(Object.keys(en.act.update))
})

test('every place an entry can be has a word', () => {
  for (const { stage } of [zh, en]) expect(Object.keys(stage)).toEqual(stages)
})
