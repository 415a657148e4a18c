import { expect, test } from 'vitest'

import { missing, nextPlace } from './login'

test('after signing in one returns to where one was, and never to another site', () => {
  expect(nextPlace('/campaign/c1/conflicts?x=1')).toBe('/campaign/c1/conflicts?x=1')
  for (const place of [undefined, ['/a'], '//example.org', 'https://example.org', '/login']) {
    expect(nextPlace(place)).toBe('/')
  }
})

test('both fields are needed', () => {
  expect(missing({ login: ' ', password: '' })).toEqual(['login', 'password'])
  expect(missing({ login: 'a', password: 'b' })).toEqual([])
})
