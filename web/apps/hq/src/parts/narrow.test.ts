import { expect, test } from 'vitest'

import { isNarrowed, narrowingOf, pageWithin, withName } from './narrow'

test('the choice is read from the address, and a page past the end is the last', () => {
  const choice = narrowingOf({ q: ' 柳 ', state: '', other: 'x' }, ['q', 'state', 'team'])
  expect(choice).toEqual({ q: '柳' })
  expect(withName(choice, 'q', ' ')).toEqual({})
  expect(withName(choice, 'team', '一組')).toEqual({ q: '柳', team: '一組' })
  expect([isNarrowed(choice), isNarrowed({})]).toEqual([true, false])
  const pages = ['9', '2', ''].map((page) => pageWithin({ page }, { rows: 120, size: 50 }))
  expect(pages).toEqual([3, 2, 1])
  expect(pageWithin({ page: '2' }, { rows: 0, size: 50 })).toBe(1)
})
