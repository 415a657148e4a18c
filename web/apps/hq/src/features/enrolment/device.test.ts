import { expect, test } from 'vitest'

import type { Device } from '../../api/types'
import { actsOf, heardAt, mayLose, silentMillis, standingOf } from './device'

const device = (more: Partial<Device>): Device => ({
  id: 'd',
  name: '手機',
  enrolled_at: 1000,
  entries: 0,
  ...more,
})

test('a device that said nothing for days is silent, one that never did counts from its enrolment', () => {
  expect(standingOf(device({}), 2000)).toBe('ready')
  expect(standingOf(device({}), 1001 + silentMillis)).toBe('silent')
  expect(standingOf(device({ seen_at: 5000 }), 5000 + silentMillis)).toBe('ready')
  expect(heardAt(device({ seen_at: 5000, last_contact: 7000 }))).toBe(7000)
  expect(heardAt(device({}))).toBeUndefined()
})

test('an order to wipe is not taken for a wipe before the device says so', () => {
  const told = device({ wipe_ordered_at: 6000, last_contact: 5000 })
  expect(standingOf(told, 7000)).toBe('wipe-unseen')
  expect(standingOf({ ...told, seen_at: 6500 }, 7000)).toBe('wipe-seen')
  expect(standingOf({ ...told, wiped_at: 6600 }, 7000)).toBe('wiped')
  expect(standingOf({ ...told, revoked_at: 6100 }, 7000)).toBe('wipe-unseen')
  expect(standingOf(device({ revoked_at: 6100 }), 7000)).toBe('revoked')
})

test('what was done is not offered again, and what may be lost is said', () => {
  expect(actsOf(device({}))).toEqual(['revoke', 'wipe'])
  expect(actsOf(device({ revoked_at: 1 }))).toEqual(['wipe'])
  expect(actsOf(device({ revoked_at: 1, wipe_ordered_at: 1 }))).toEqual([])
  expect(mayLose(device({ seen_at: 1, unsent: 0 }))).toBe(false)
  expect(mayLose(device({ seen_at: 1, unsent: 2 }))).toBe(true)
  expect(mayLose(device({}))).toBe(true)
})
