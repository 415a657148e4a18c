// @vitest-environment happy-dom
import { expect, test } from 'vitest'

import { leftOut, watchCuts } from './cut'

test('what a field cannot take of a paste is counted, less what is pasted over', () => {
  expect(leftOut({ length: 0, most: 200 }, 0, '字'.repeat(300))).toBe(100)
  expect(leftOut({ length: 200, most: 200 }, 200, '字'.repeat(200))).toBe(0)
  expect(leftOut({ length: 150, most: 200 }, 10, '字'.repeat(70))).toBe(10)
})

test('a paste that is cut is told of, and no other', () => {
  const told: number[][] = []
  watchCuts(document, (...what) => told.push(what))
  const paste = (text: string): void => {
    const event = new Event('paste', { bubbles: true })
    field.dispatchEvent(Object.assign(event, { clipboardData: { getData: () => text } }))
  }
  const field = document.createElement('input')
  document.body.append(field)
  paste('字'.repeat(300))
  field.maxLength = 200
  paste('字'.repeat(200))
  paste('字'.repeat(300))
  expect(told).toEqual([[200, 100]])
})
