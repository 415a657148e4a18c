import { expect, test } from 'vitest'

import { parseProblem } from '@sansuiji/protocol'

import { codeOf, messageOf, RequestError, worthRetrying } from './failure'

const refused = (status: number, code: string): RequestError =>
  new RequestError({
    kind: 'problem',
    problem: parseProblem(status, { type: `urn:sansuiji:problem:${code}`, detail: 'why' }),
  })

test('a problem document is told by title and advice in either language', () => {
  const error = refused(409, 'row-changed-meanwhile')
  expect(codeOf(error)).toBe('row-changed-meanwhile')
  expect(messageOf(error, 'zh')).toMatchObject({ title: '內容剛被他人改動', detail: 'why' })
  expect(messageOf(error, 'en').advice).toContain('decide again')
})

test('headquarters is never told that records are on a phone', () => {
  const offline = new RequestError({ kind: 'offline' })
  for (const error of [offline, refused(500, 'internal'), new Error('x'), 'x']) {
    expect(messageOf(error, 'zh').advice).not.toMatch(/手機|本機|記錄/)
    expect(messageOf(error, 'en').advice).not.toMatch(/phone|record/)
  }
})

test('asking again is worth it when there was no answer, not when the answer was no', () => {
  expect(worthRetrying(new RequestError({ kind: 'offline' }))).toBe(true)
  expect(worthRetrying(refused(503, 'busy'))).toBe(true)
  expect(worthRetrying(refused(409, 'row-changed-meanwhile'))).toBe(false)
  expect(worthRetrying(new Error('ours'))).toBe(false)
})
