import { expect, test } from 'vitest'

import { momentOf } from './live'

test('a moment is told from another by its epoch, revision and place; anything else is no news', () => {
  expect(momentOf('{"epoch":"e","revision":3,"position":7}')).toBe('e 3 7')
  expect(momentOf('{"at":5}')).toBeUndefined()
  expect(momentOf('nonsense')).toBeUndefined()
})
