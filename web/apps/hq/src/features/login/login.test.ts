import { expect, test } from 'vitest'

import { missing, nextPlace, refused } from './login'

test('after signing in one returns to where one was, and never to another site', () => {
  expect(nextPlace('/campaign/c1/conflicts?x=1')).toBe('/campaign/c1/conflicts?x=1')
  for (const place of [undefined, ['/a'], '//example.org', 'https://example.org', '/login']) {
    expect(nextPlace(place)).toBe('/')
  }
})

test('both fields are needed', () => {
  expect(missing({ login: ' ', password: '', code: '' }, false)).toEqual(['login', 'password'])
  expect(missing({ login: 'a', password: 'b', code: '' }, false)).toEqual([])
  expect(missing({ login: 'a', password: 'b', code: '' }, true)).toEqual(['code'])
})

test('a code is asked for once the password was right, and the password stays until it was not', () => {
  expect(refused('second-factor-wanted')).toEqual({ coded: true, forget: 'code' })
  expect(refused('second-factor-wrong')).toEqual({ coded: true, forget: 'code' })
  expect(refused('login-refused')).toEqual({ coded: false, forget: 'password' })
})
