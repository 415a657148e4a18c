import { expect, test } from 'vitest'

import { mayUpdateUnasked } from './update'

test('a new version takes over by itself only at a start, when headquarters has everything', () => {
  expect(mayUpdateUnasked({ age: 900, touched: false, unsent: 0 })).toBe(true)
  expect(mayUpdateUnasked({ age: 900, touched: false, unsent: 1 })).toBe(false)
  expect(mayUpdateUnasked({ age: 900, touched: true, unsent: 0 })).toBe(false)
  expect(mayUpdateUnasked({ age: 60_000, touched: false, unsent: 0 })).toBe(false)
})
