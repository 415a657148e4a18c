import { expect, test } from 'vitest'

import { choose, leftOf, ticketOf, wordOf, type Paper } from './vote'

const paper: Paper = {
  title: '年度測評',
  unit: '槐塘村',
  asked: [
    { id: 'a', title: '履職', marks: [10000, 8000, 6000, 4000], max: 100 },
    { id: 'b', title: '廉潔', marks: [500, 400, 300, 200, 100], max: 5 },
  ],
}
const grades = ['好', '較好', '一般', '差']

test('a choice can be changed and taken back, and the rest stays', () => {
  const one = choose({}, 'a', 10000)
  const two = choose(one, 'b', 300)
  expect(choose(two, 'a', 4000)).toEqual({ a: 4000, b: 300 })
  expect(choose(two, 'a', 10000)).toEqual({ b: 300 })
  expect([leftOf(paper, {}), leftOf(paper, one), leftOf(paper, two)]).toEqual([2, 1, 0])
})

test('large scales are grades and small ones are points', () => {
  expect(
    paper.asked[0]?.marks.map((mark) => wordOf(paper.asked[0] as never, mark, grades)),
  ).toEqual(grades)
  expect(wordOf(paper.asked[1] as never, 300, grades)).toBe('3')
})

test('a ticket is what follows the hash', () => {
  expect(ticketOf('#abc_-')).toBe('abc_-')
  expect(ticketOf('')).toBe('')
})
