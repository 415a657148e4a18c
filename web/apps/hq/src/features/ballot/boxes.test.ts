import { expect, test } from 'vitest'

import { barsOf, choicesFor, stateOf, ticketAddress, wordOf } from './boxes'

test('a distribution has all choices, best first, and shares of those who chose', () => {
  expect(barsOf({ '10000': 3, '4000': 1 }, 100)).toEqual([
    { mark: 10000, count: 3, share: 0.75 },
    { mark: 8000, count: 0, share: 0 },
    { mark: 6000, count: 0, share: 0 },
    { mark: 4000, count: 1, share: 0.25 },
  ])
  expect(barsOf({}, 3).map(({ mark }) => mark)).toEqual([300, 200, 100])
})

test('choices are points of up to ten, else grades', () => {
  expect(choicesFor(5)).toEqual([500, 400, 300, 200, 100])
  expect(choicesFor(50)).toEqual([5000, 4000, 3000, 2000])
  expect(wordOf(8000, { mark_max: 100 }, '好、較好、一般、差')).toBe('較好')
  expect(wordOf(300, { mark_max: 5 }, '好、較好、一般、差')).toBe('3')
})

test('a ticket is in the fragment of its address alone', () => {
  const address = new URL(ticketAddress('abc', 'https://hq.example'))
  expect(address.pathname + address.search).toBe('/vote')
  expect(address.hash).toBe('#abc')
})

test('a closed box with too few ballots says so', () => {
  expect(stateOf({ few: false })).toBe('open')
  expect(stateOf({ closed_at: 1, few: false })).toBe('closed')
  expect(stateOf({ closed_at: 1, few: true })).toBe('few')
})
