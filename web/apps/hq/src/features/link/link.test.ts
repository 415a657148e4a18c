import { expect, test } from 'vitest'

import type { ApiToken } from '../../api/types'
import { isAddress, stateOf } from './link'

const token = (more: Partial<ApiToken>): ApiToken => ({
  id: 'a',
  name: '同步',
  scopes: ['read'],
  created_at: 0,
  expires_at: 100,
  ...more,
})

test('a token is good until it expires or is revoked', () => {
  expect(stateOf(token({}), 99)).toBe('good')
  expect(stateOf(token({}), 100)).toBe('expired')
  expect(stateOf(token({ revoked_at: 5 }), 6)).toBe('revoked')
})

test.each(['https://data.example.org/in', 'http://10.0.0.8:9000/'])('%s can be told', (text) => {
  expect(isAddress(text)).toBe(true)
})

test.each(['', 'data.example.org', 'ftp://x.org', 'https://', 'javascript:alert(1)'])(
  '%s cannot be told',
  (text) => {
    expect(isAddress(text)).toBe(false)
  },
)
