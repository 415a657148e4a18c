import { expect, test } from 'vitest'

import type { UnitSpot } from '../../api/types'
import { hullOf, onScreen, planeOf, spotAt, wholeView, zoomed } from './plane'

const unit = (name: string, county: string, north: number, east: number): UnitSpot => ({
  id: name,
  name,
  county,
  category: 'village',
  latitude_e7: north * 1e7,
  longitude_e7: east * 1e7,
  state: 'none',
  team: '',
  findings: 0,
  serious: 0,
})

const units = [
  unit('a', '甲', 30, 110),
  unit('b', '甲', 31, 110),
  unit('c', '甲', 30, 111),
  unit('d', '乙', 31, 112),
]

test('north is up, and what has no coordinates is counted', () => {
  const nowhere = unit('e', '乙', 0, 0)
  delete nowhere.latitude_e7
  const plane = planeOf([...units, nowhere])
  const [a, b, , d] = plane.spots
  expect(plane.nowhere).toBe(1)
  expect(b?.y).toBe(0)
  expect(a?.y).toBeGreaterThan(0)
  expect(d?.x).toBeCloseTo(1)
  expect(plane.counties.map((c) => [c.name, c.outline.length])).toEqual([
    ['甲', 3],
    ['乙', 1],
  ])
  expect(planeOf([nowhere]).spots).toEqual([])
})

test('a place stays where it is while one zooms in on it', () => {
  const plane = planeOf(units)
  const view = wholeView(plane, 400, 300)
  const [spot] = plane.spots
  if (!spot) throw new Error('no spot')
  const at = onScreen(view, spot)
  const after = onScreen(zoomed(view, 3, at), spot)
  expect(after.x).toBeCloseTo(at.x, 6)
  expect(after.y).toBeCloseTo(at.y, 6)
  expect(spotAt(plane, view, { x: at.x + 3, y: at.y }, 10)).toBe(spot)
  expect(spotAt(plane, view, { x: -500, y: 0 }, 10)).toBeUndefined()
})

test('an outline holds all points and no inner one', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ]
  expect(hullOf([...square, { x: 0.5, y: 0.5 }])).toHaveLength(4)
})
