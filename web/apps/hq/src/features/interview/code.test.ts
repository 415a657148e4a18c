import { expect, test } from 'vitest'

import { groupsOf, isWhole, lettersOf, strangersIn, tidied } from './code'

test('a code is taken as it is heard: small letters, O for 0, I and L for 1, wide letters', () => {
  expect(lettersOf('oilk 7x-9z')).toBe('011K7X9Z')
  expect(lettersOf('ａｂ１２')).toBe('AB12')
  expect(lettersOf('ABCDEFGHJKMNPQ'), 'no more than it has').toBe('ABCDEFGHJKMN')
  expect(isWhole(lettersOf('abcd-efgh-jkmn'))).toBe(true)
  expect(isWhole(lettersOf('abcd-efgh-jkm'))).toBe(false)
})

test('a letter that no code has is named', () => {
  expect(strangersIn('U7 u-鐘?')).toEqual(['U', '鐘'])
  expect(strangersIn('O1IL')).toEqual([])
})

test('groups come while typing, and the caret stays behind its letter', () => {
  expect(tidied({ text: 'abcd', caret: 4 })).toEqual({ text: 'ABCD', caret: 4 })
  expect(tidied({ text: 'ABCDe', caret: 5 })).toEqual({ text: 'ABCD-E', caret: 6 })
  expect(tidied({ text: 'AXBCD-EFGH', caret: 2 })).toEqual({ text: 'AXBC-DEFG-H', caret: 2 })
  expect(tidied({ text: 'ABCDEFGH', caret: 4 }), 'the hyphen was taken out').toEqual({
    text: 'ABCD-EFGH',
    caret: 4,
  })
  expect(tidied({ text: 'u', caret: 1 })).toEqual({ text: '', caret: 0 })
  expect(groupsOf('ABCDEFGHJKMN')).toEqual(['ABCD', 'EFGH', 'JKMN'])
})
