import { expect, test } from 'vitest'

import { matches, pinFault, recordOf, waitOf } from './pin'

const quick = 1_000

test('only the PIN that was recorded matches, and the same PIN is kept differently each time', async () => {
  const record = await recordOf('271828', quick)
  expect(await matches('271828', record)).toBe(true)
  expect(await matches('271829', record)).toBe(false)
  expect(await matches('27182', record)).toBe(false)
  expect((await recordOf('271828', quick)).hash).not.toBe(record.hash)
})

test('the hash is PBKDF2 as others compute it', async () => {
  // RFC 7914, section 11: PBKDF2-HMAC-SHA-256 ("passwd", "salt", 1), its first 32 bytes.
  const hash = '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc'
  expect(await matches('passwd', { salt: '73616c74', hash, rounds: 1 })).toBe(true)
})

test('wrong PINs make longer and longer waits, up to an hour', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 20].map((wrong) => waitOf({ wrong, at: 0 }, 0) / 1000)
  expect(waits).toEqual([0, 0, 0, 30, 60, 300, 900, 3600, 3600, 3600])
})

test('a wait runs out, and a clock that was set back does not lengthen it', () => {
  const tries = { wrong: 3, at: 100_000 }
  expect(waitOf(tries, 110_000)).toBe(20_000)
  expect(waitOf(tries, 130_000)).toBe(0)
  expect(waitOf(tries, 0)).toBe(30_000)
})

test('a PIN is four to eight digits that are not a row', () => {
  for (const pin of ['', '123', '123456789', '12a4', '１２３４']) {
    expect(pinFault(pin)).toBe('tooShort')
  }
  for (const pin of ['0000', '1234', '87654321']) expect(pinFault(pin)).toBe('tooPlain')
  for (const pin of ['2580', '1357', '90210']) expect(pinFault(pin)).toBeNull()
})
