import { expect, test } from 'vitest'

import { seedQuestion } from './talk.testing'
import { markOf, sealedValue, talkQuestions, type TalkQuestion } from './talkQuestions'
import { enrolledStore, ids } from './testing'

function question(more: Partial<TalkQuestion>): TalkQuestion {
  const of = { id: ids.problem, code: 'I01', text: '', hint: '', kind: 'scale' } as const
  return { ...of, options: [], max: 5, required: false, readable: true, ...more }
}

test('common questions come first, then those of the unit; others are not asked', async () => {
  const { database } = await enrolledStore()
  seedQuestion(database, 1, { code: 'X01', kind: 'text', category: 'village' })
  seedQuestion(database, 2, { code: 'X02', kind: 'text', category: 'school' })
  seedQuestion(database, 3, { code: 'C01', kind: 'yesno', usage: 'check' })
  seedQuestion(database, 4, { code: 'I02', kind: 'choice', options: '用水\r\n\n 道路 ' })
  seedQuestion(database, 5, { code: 'I03', kind: 'scale', readable: 1 })
  seedQuestion(database, 6, { code: 'I04', kind: 'text', withdrawnAt: 1 })
  const asked = talkQuestions(database, ids.visit)
  expect(asked.map(({ code }) => code)).toEqual(['I02', 'I03', 'X01'])
  expect(asked[0]?.options).toEqual(['用水', '道路'])
  expect(asked[1]).toMatchObject({ max: 5, readable: true, required: false })
})

test('marks and numbers are sealed as numbers, all else as it was said', () => {
  expect(sealedValue(question({}), '4')).toBe(4)
  expect(sealedValue(question({ kind: 'number' }), '3.5')).toBe(3.5)
  expect(sealedValue(question({ kind: 'number' }), '三四個')).toBe('三四個')
  expect(sealedValue(question({ kind: 'text' }), '5')).toBe('5')
  expect(sealedValue(question({}), null)).toBeNull()
})

test('only whole marks of readable questions stay readable', () => {
  expect(markOf(question({}), '4')).toBe(4)
  expect(markOf(question({ readable: false }), '4')).toBeNull()
  expect(markOf(question({}), null)).toBeNull()
  expect(markOf(question({}), undefined)).toBeNull()
  expect(markOf(question({ kind: 'number' }), '3.5')).toBeNull()
  expect(markOf(question({ kind: 'yesno' }), 'yes')).toBe(1)
  expect(markOf(question({ kind: 'yesno' }), 'no')).toBe(0)
  expect(markOf(question({ kind: 'text' }), '5')).toBeNull()
})
