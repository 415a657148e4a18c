import type { QuestionView } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { tabCount, tally } from './tally'

const question = (required: boolean, value: string | null) =>
  ({ required, answer: value === null ? null : { value } }) as QuestionView

test('the tab counts what must be answered; what may be left open is counted beside', () => {
  const list = [question(true, 'yes'), question(true, null), question(false, '3')]
  expect(tally(list)).toEqual({ required: { all: 2, done: 1 }, optional: { all: 1, done: 1 } })
  expect(tabCount(list)).toBe('1/2')
  expect(tabCount([question(false, null)])).toBe('0/1')
  expect(tabCount([])).toBe('')
})

test('a note without an answer, or one that was taken back, answers nothing', () => {
  const noted = { required: true, answer: { value: null, note: '再看' } } as QuestionView
  expect(tally([noted]).required.done).toBe(0)
})
