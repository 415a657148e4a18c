import { expect, test } from 'vitest'

import type { Quarantined } from '../../api/types'
import { countsOf, keyOf, ofKind } from './quarantine'

const entry = (kind: Quarantined['kind'], received_at: number): Quarantined => ({
  kind,
  received_at,
  device: '',
  device_id: 'd',
  inspector: '',
  seq: 3,
  position: 0,
  hash: 'h',
  wall_at: 0,
  reason: '',
  action: { zh: '', en: '' },
  title: { zh: '', en: '' },
  detail: '',
  size: 0,
  changes: null,
})

const entries = [entry('held', 1), entry('aside', 3), entry('held', 2)]

test('the newest comes first, of one kind or of all', () => {
  expect(ofKind(entries, 'held').map((e) => e.received_at)).toEqual([2, 1])
  expect(ofKind(entries, 'all').map((e) => e.received_at)).toEqual([3, 2, 1])
})

test('each kind is counted', () => {
  expect(countsOf(entries)).toEqual({ all: 3, quarantined: 0, held: 2, aside: 1 })
})

test('two entries at one place of a chain are told apart', () => {
  expect(new Set(entries.map(keyOf)).size).toBe(3)
})
