import { expect, test } from 'vitest'

import { sayDistance, spotOf, wayTo } from './way'

const t = (key: string, values?: Record<string, unknown>) => `${key} ${String(values?.['n'])}`

test('a distance is said in metres to a kilometre, then in kilometres', () => {
  expect(sayDistance(t, 43)).toBe('way.metres 40')
  expect(sayDistance(t, 994)).toBe('way.metres 990')
  expect(sayDistance(t, 996)).toBe('way.kilometres 1.0')
  expect(sayDistance(t, 12_340)).toBe('way.kilometres 12.3')
  expect(sayDistance(t, 250_400)).toBe('way.kilometres 250')
})

test('a unit without coordinates has no spot', () => {
  expect(spotOf({ latitudeE7: null, longitudeE7: 3 })).toBeNull()
  const way = wayTo({ latitudeE7: 0, longitudeE7: 0 }, { latitudeE7: 0, longitudeE7: 1e7 })
  expect(way.degrees).toBeCloseTo(90)
})
