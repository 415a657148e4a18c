import type { PeopleSummary, QuestionView, VerificationView } from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { openAt, type Doing } from './openAt'
import { en, zh } from './words'

const verified = { outcome: 'rectified' } as VerificationView
const subject = (id: string, verification: VerificationView | null) => {
  return { id: id as Id, number: null, title: id, verification }
}
const people: PeopleSummary = { n: 3, listed: 40, told: true, opened: true, done: 1 }
const question = { required: true, answer: null } as QuestionView

const nothing: Doing = {
  ...{ problems: [], commitments: [], questions: [] },
  ...{ people: null, talks: 0, signoffs: [{}] },
}

test('whoever leaves hears of all that is not done, interviews that only this phone has first', () => {
  const open = openAt({
    problems: [subject('a', null), subject('b', verified), subject('c', null)],
    commitments: [subject('d', null)],
    questions: [question],
    ...{ people, talks: 1, signoffs: [] },
  })
  expect(open).toEqual([
    { what: 'talks', n: 1, done: 0 },
    { what: 'answers', n: 1, done: 0 },
    { what: 'problems', n: 2, done: 0 },
    { what: 'commitments', n: 1, done: 0 },
    { what: 'people', n: 3, done: 1 },
    { what: 'signoff', n: 1, done: 0 },
  ])
  for (const words of [zh, en]) {
    expect(Object.keys(words.open)).toEqual(open.map(({ what }) => what))
  }
})

test('nothing is said where all is done, or nothing was to do', () => {
  expect(openAt(nothing)).toEqual([])
  expect(openAt({ ...nothing, people: { ...people, done: 3 } })).toEqual([])
})
