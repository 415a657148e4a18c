import type { Preferences } from '@sansuiji/ui'
import { expect, test } from 'vitest'

import { AppLock } from './lock'

const minute = 60_000

function phone() {
  const kept = new Map<string, string>()
  const preferences: Preferences = {
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void kept.set(name, value),
  }
  let now = Date.UTC(2026, 10, 25)
  const open = () => new AppLock({ preferences, clock: () => now, rounds: 1_000 })
  return { open, pass: (millis: number) => (now += millis), kept }
}

test('once it was locked by hand, no reload opens it', async () => {
  const { open, pass } = phone()
  const lock = open()
  await lock.set('2580')
  expect(open().locked.value).toBe(false)
  lock.lockNow()
  expect(open().locked.value).toBe(true)
  pass(1_000)
  const again = open()
  again.touch()
  expect([again.locked.value, await again.try('0000'), open().locked.value]).toEqual([
    ...[true, 'wrong', true],
  ])
  expect(await again.try('2580')).toBe('open')
  expect(open().locked.value).toBe(false)
})

test('it is off until a PIN is set, and the PIN itself is not kept', async () => {
  const { open, pass, kept } = phone()
  const lock = open()
  pass(60 * minute)
  lock.look()
  expect([lock.enabled.value, lock.locked.value]).toEqual([false, false])
  await lock.set('27182')
  expect(JSON.stringify([...kept])).not.toContain('27182')
})

test('it locks after a rest, in an app that was closed too, and opens by its PIN', async () => {
  const { open, pass } = phone()
  const lock = open()
  await lock.set('27182')
  pass(9 * minute)
  lock.touch()
  pass(9 * minute)
  lock.look()
  expect(lock.locked.value).toBe(false)
  expect(open().locked.value).toBe(false)
  pass(minute)
  lock.touch()
  expect(lock.locked.value).toBe(true)
  const again = open()
  expect(again.locked.value).toBe(true)
  expect(await again.try('00000')).toBe('wrong')
  expect(again.locked.value).toBe(true)
  expect(await again.try('27182')).toBe('open')
  expect(again.locked.value).toBe(false)
})

test('waits after wrong PINs outlive the app', async () => {
  const { open, pass } = phone()
  const lock = open()
  await lock.set('27182')
  for (let i = 0; i < 3; i++) expect(await lock.try('1')).toBe('wrong')
  expect(lock.wait()).toBe(30_000)
  expect(await open().try('27182')).toBe('waiting')
  pass(30_000)
  expect(await open().try('1')).toBe('wrong')
  expect(open().wait()).toBe(60_000)
  pass(60_000)
  expect(await open().try('27182')).toBe('open')
  expect(open().wait()).toBe(0)
})
