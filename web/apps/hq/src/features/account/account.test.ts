import { expect, test } from 'vitest'

import { browserOf, gapsOf, sentOf } from './form'
import { gapsOf as passwordGaps } from './own'

const unit = { id: 'u1', code: 'V1', name: '槐塘村', category: 'village', county: '霽川縣' }

test('an account needs a login of small letters, a name, and a unit where its role is one', () => {
  const form = { login: 'sun', name: '老孫', role: 'reviewer' as const }
  expect(gapsOf(form, undefined)).toEqual({})
  expect(Object.keys(gapsOf({ ...form, login: '老孫', name: ' ' }, undefined))).toEqual([
    'login',
    'name',
  ])
  expect(gapsOf({ ...form, role: 'unit' }, undefined)).toEqual({ unit: 'account.need.unit' })
  expect(sentOf({ ...form, role: 'unit' }, unit, 'c1')).toMatchObject({
    campaign_id: 'c1',
    unit_id: 'u1',
  })
  expect(sentOf(form, unit, 'c1')).not.toHaveProperty('unit_id')
})

test('a new password is long enough, another one, and typed twice the same', () => {
  expect(
    passwordGaps({ old: 'a', fresh: '另一個夠長的密碼啊啊', again: '另一個夠長的密碼啊啊' }),
  ).toEqual({})
  expect(Object.keys(passwordGaps({ old: '', fresh: 'short', again: 'other' }))).toEqual([
    'old',
    'fresh',
    'again',
  ])
  const same = 'the same password'
  expect(passwordGaps({ old: same, fresh: same, again: same })).toEqual({
    fresh: 'account.own.need.other',
  })
})

test('a browser is called what people call it', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36 Edg/129.0'
  expect(browserOf(edge)).toBe('Edge · Windows')
  expect(browserOf('curl/8')).toBe('curl/8')
})
