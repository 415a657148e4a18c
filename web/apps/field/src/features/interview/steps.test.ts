import type { TalkForm, TalkQuestion } from '@sansuiji/local'
import { parseId } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { clockText } from '../../parts/recorder'
import { standingOf, stepFrom, tidied } from './steps'

const ids = [1, 2, 3].map((n) => parseId(`0190a000-0000-7000-8000-00000000000${n}`))

const questions = ids.map((id): TalkQuestion => {
  const rest = { hint: '', options: [], max: 5, required: true, readable: false } as const
  return { id, code: id.slice(-1), text: '', kind: 'text', ...rest }
})

function form(more: Partial<TalkForm>): TalkForm {
  return { at: 0, answers: {}, name: '', notes: '', ...more }
}

test('one goes forth and back, and the last page comes after the questions', () => {
  expect([0, 1, 2, 3].map((at) => stepFrom(at, 3, 1))).toEqual([1, 2, 3, 3])
  expect([0, 1, 3, 9].map((at) => stepFrom(at, 3, -1))).toEqual([0, 0, 2, 2])
  expect(stepFrom(0, 0, 1)).toBe(0)
})

test('a declined question was asked, an emptied one was not', () => {
  const [one = '', two = '', three = ''] = ids
  const answers = { [one]: '有', [two]: null, [three]: ' ' }
  expect(standingOf(questions, form({ at: 1, answers }))).toMatchObject({ asked: 2, total: 3 })
  expect(standingOf(questions, form({ at: 1 })).question?.id).toBe(two)
  expect(standingOf(questions, form({ at: 9 })).question).toBeUndefined()
  expect(tidied(form({ answers })).answers).toEqual({ [one]: '有', [two]: null })
})

test('time is read in minutes and seconds', () => {
  expect([0, 9.9, 65, 3600].map(clockText)).toEqual(['0:00', '0:09', '1:05', '60:00'])
})
