import { expect, test } from 'vitest'

import { commandOf } from './queue'

const stroke = (key: string, repeat = false) => ({
  key,
  repeat,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
})

test('each side has one key, and one held down decides nothing', () => {
  expect(commandOf(stroke('a'))).toEqual({ kind: 'keep', index: 0 })
  expect(commandOf(stroke('B'))).toEqual({ kind: 'keep', index: 1 })
  expect(commandOf(stroke('a', true))).toBeUndefined()
  expect(commandOf(stroke('j', true))).toEqual({ kind: 'next' })
  expect(commandOf(stroke('w'))).toEqual({ kind: 'write' })
  expect(commandOf({ ...stroke('a'), ctrlKey: true })).toBeUndefined()
  expect(commandOf(stroke('Enter'))).toBeUndefined()
})
