import { expect, test } from 'vitest'

import { words } from '../words'
import { firstCampaign } from './choice'
import { badgeText, navItems } from './nav'

test('the campaign last looked at opens first, while it is there', () => {
  expect(firstCampaign(['a', 'b'], 'b')).toBe('b')
  expect(firstCampaign(['a', 'b'], 'gone')).toBe('a')
  expect(firstCampaign([], 'a')).toBeUndefined()
})

test('badges count nothing before the overview is there, and stay short', () => {
  expect(navItems(undefined, 'admin').every((item) => item.waiting === 0)).toBe(true)
  expect(badgeText(12)).toBe('12')
  expect(badgeText(1204)).toBe('999+')
})

test('the menu has no screen where the server would not answer', () => {
  const has = (role: string, name: string): boolean =>
    navItems(undefined, role).some((item) => item.name === name)
  expect(has('admin', 'people') && has('auditor', 'audit')).toBe(true)
  expect(has('reviewer', 'sites') && has('reviewer', 'sealed')).toBe(true)
  for (const name of ['sites', 'desk', 'people', 'sealed', 'audit']) {
    expect(has('leader', name), name).toBe(false)
  }
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
