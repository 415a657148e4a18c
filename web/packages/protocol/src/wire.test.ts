import { expect, test } from 'vitest'

import { faults, tables } from './catalogue.gen'
import { fromHex, toHex } from './bytes'
import { choiceLabel } from './catalogue'
import { decodeCbor, encodeCbor, parseProblem, parsePullAnswer } from './wire'

test('bytes travel as CBOR byte strings and come back as bytes', () => {
  expect(toHex(encodeCbor({ entries: [Uint8Array.of(1, 2)] }))).toBe(
    'a1' + '67656e7472696573' + '81420102',
  )
  const back = decodeCbor(encodeCbor({ next: 5, patchset: Uint8Array.of(9) })) as {
    patchset: Uint8Array
  }
  expect(Uint8Array.from(back.patchset)).toEqual(Uint8Array.of(9))
})

test('an integer of eight bytes comes as a number, as Go writes times', () => {
  expect(decodeCbor(fromHex('1b000001a0c4506c7b'))).toBe(1790000000123)
})

test('an answer without rows, which Go writes as null, is read as empty', () => {
  const page = { epoch: 'e', clock: '1', rows: 0, next: 3, more: false, total: 0 }
  const empty = { ...page, scopes: [], patchset: new Uint8Array() }
  expect(parsePullAnswer({ ...page, scopes: null, patchset: null })).toEqual(empty)
  expect(() => parsePullAnswer({ ...page, next: '3' })).toThrow('next: no number')
})

test('a problem document is known by its code, and a foreign answer by its status', () => {
  const body = { type: 'urn:sansuiji:problem:assertion-clock', title: 'off', server_time: 1234 }
  expect(parseProblem(401, body)).toEqual({
    code: 'assertion-clock',
    status: 401,
    title: 'off',
    detail: '',
    serverTime: 1234,
  })
  expect(parseProblem(502, '<html>').code).toBe('')
  expect(parseProblem(400, { type: 'urn:sansuiji:problem:no-such-code' }).code).toBe('')
})

test('every table and every fault has words in both languages', () => {
  for (const { label } of tables) expect([label.zh, label.en]).not.toContain('')
  for (const { title, advice } of faults) {
    expect([title.zh, title.en, advice.zh, advice.en]).not.toContain('')
  }
  expect(choiceLabel('finding', 'severity', 'serious', 'zh')).toBe('較重')
  expect(choiceLabel('finding', 'severity', null, 'zh')).toBe('')
})
