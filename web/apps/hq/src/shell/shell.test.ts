// @vitest-environment happy-dom
import { expect, test } from 'vitest'

import { createScreens } from '../router'
import { createSession } from '../session'
import { memoryPreferences } from '../testing'
import { words } from '../words'
import { firstCampaign } from './choice'
import type { May, Operation } from './me'
import { badgeText, navItems } from './nav'
import { isAnswered } from './screens'

test('the campaign last looked at opens first, while it is there', () => {
  expect(firstCampaign(['a', 'b'], 'b')).toBe('b')
  expect(firstCampaign(['a', 'b'], 'gone')).toBe('a')
  expect(firstCampaign([], 'a')).toBeUndefined()
})

test('badges count nothing before the overview is there, and stay short', () => {
  expect(navItems(undefined, () => true).every((item) => item.waiting === 0)).toBe(true)
  expect(badgeText(12)).toBe('12')
  expect(badgeText(1204)).toBe('999+')
})

test('the menu has no screen where the server would not answer', () => {
  const router = createScreens(createSession(memoryPreferences()))
  const shown = (...asked: readonly Operation[]): readonly string[] => {
    const may: May = (...all) => all.every((one) => asked.includes(one))
    return navItems(undefined, (name) => isAnswered(router, name, may)).map(({ name }) =>
      String(name),
    )
  }
  expect(shown('accounts', 'audit', 'sites', 'sealed')).toHaveLength(21)
  expect(shown('audit')).toContain('audit')
  for (const name of ['sites', 'desk', 'people', 'sealed', 'audit']) {
    expect(shown(), name).not.toContain(name)
  }
})

test('every screen of the menu has an address', () => {
  const router = createScreens(createSession(memoryPreferences()))
  const names = router.getRoutes().map(({ name }) => String(name))
  const items = navItems(undefined, () => true).map(({ name }) => String(name))
  expect(items.filter((name) => !names.includes(name))).toEqual([])
})

test('both languages have the same words, with the same places to fill in', () => {
  const flat = (tree: object, path = ''): [string, string][] =>
    Object.entries(tree).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? flat(value, `${path}${name}.`)
        : [[`${path}${name}`, String(value)] as [string, string]],
    )
  const holes = (text: string): string => (text.match(/\{\w+\}/g) ?? []).sort().join()
  const shape = (tree: object) => flat(tree).map(([name, text]) => [name, holes(text)])
  expect(shape(words.zh)).toEqual(shape(words.en))
  // Words the message format gives a meaning of its own.
  expect(flat(words).filter(([, text]) => /[|@]/.test(text))).toEqual([])
})
