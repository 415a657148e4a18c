import { expect, test } from 'vitest'

import { commandOf, type Stroke } from './keyboard'

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
})

test('J, K and the arrows walk, A and R decide, X selects, Z undoes, U shows the lists, Esc closes', () => {
  const keys = ['j', 'ArrowDown', 'K', 'ArrowUp', 'a', 'R', 'Escape', 'x', 'z', 'u', 'q']
  expect(keys.map((key) => commandOf(stroke(key), false))).toEqual([
    'next',
    'next',
    'previous',
    'previous',
    'accept',
    'return',
    'close',
    'select',
    'undo',
    'lists',
    undefined,
  ])
})

test('somebody who types writes letters, and only Esc leaves the field', () => {
  expect(commandOf(stroke('a'), true)).toBeUndefined()
  expect(commandOf(stroke('Escape'), true)).toBe('close')
})

test('the browser keeps its own shortcuts', () => {
  expect(commandOf(stroke('a', { ctrlKey: true }), false)).toBeUndefined()
  expect(commandOf(stroke('r', { metaKey: true }), false)).toBeUndefined()
})

test('a key held down walks but never decides', () => {
  expect(commandOf(stroke('j', { repeat: true }), false)).toBe('next')
  expect(commandOf(stroke('a', { repeat: true }), false)).toBeUndefined()
})
