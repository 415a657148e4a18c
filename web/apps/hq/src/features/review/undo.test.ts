import { expect, test } from 'vitest'

import { wayBack } from './undo'

test('an undo brings a finding back to where it was; a revised one waits again', () => {
  const at = { id: 'f', review_note: '請補', revised: false }
  expect(wayBack({ ...at, review: 'accepted' }).decision).toBe('accepted')
  expect(wayBack({ ...at, review: 'returned' })).toEqual({
    finding: 'f',
    decision: 'returned',
    note: '請補',
  })
  expect(wayBack({ ...at, review: 'returned', revised: true }).decision).toBe('pending')
  expect(wayBack({ ...at, review: 'pending', review_note: '' }).decision).toBe('pending')
})
