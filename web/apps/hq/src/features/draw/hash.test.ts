import { expect, test } from 'vitest'

import { groupDigits, groupsOf, shortHash } from './hash'

test('a hash stands in sixteen groups of four that make it again', () => {
  const hash = '0123456789abcdef'.repeat(4)
  expect(groupsOf(hash)).toHaveLength(16)
  expect(groupsOf(hash).join('')).toBe(hash)
  expect(shortHash(hash)).toBe('0123 4567 89ab')
  expect(groupsOf('')).toEqual([])
})

test('thousands are parted in numbers longer than any that can be counted with', () => {
  expect(groupDigits('12')).toBe('12')
  expect(groupDigits('123456')).toBe('123,456')
  expect(groupDigits('12345678901234567890')).toBe('12,345,678,901,234,567,890')
})
