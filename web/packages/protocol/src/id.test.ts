import { expect, test } from 'vitest'

import { fromHex, toHex } from './bytes'
import { idBytes, idOf, naturalId, naturalKeyId, newId, parseId } from './id'

const visit = parseId('01020304-0506-7708-890a-0b0c0d0e0f10')
const problem = parseId('40414243-4445-7647-8849-4a4b4c4d4e4f')

test('two people who verify one problem in one visit make the same row id as Go does', () => {
  expect(naturalId('verification', visit, problem)).toBe('814e7656-26c1-5475-81ad-f0ae9bd409d7')
})

test('a person on a roster has the same id as in Go', () => {
  const roster = parseId('019f2c4e-5a00-7c31-8b1d-0123456789ab')
  const id = naturalKeyId('roster_person', roster, '3-12')
  expect(id).toBe('ccabfa94-c839-50fa-b5bf-d5362e5ceb9d')
})

test('a new id holds its millisecond, its version and the random bits it was given', () => {
  const id = newId(0x0123456789ab, (count) => new Uint8Array(count).fill(0xff))
  expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff')
  expect(newId(0x0123456789ac, () => new Uint8Array(10)) > id).toBe(true)
})

test('an id is the same as text and as bytes', () => {
  expect(toHex(idBytes(visit))).toBe('0102030405067708890a0b0c0d0e0f10')
  expect(idOf(fromHex('0102030405067708890a0b0c0d0e0f10'))).toBe(visit)
  expect(() => parseId('0102')).toThrow('UUID')
  expect(() => idOf(new Uint8Array(15))).toThrow('15 bytes')
})
