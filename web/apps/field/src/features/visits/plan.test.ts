import { expect, test } from 'vitest'

import { isOn, planOf, side } from './plan'

const spot = (latitude: number, longitude: number) => ({
  latitudeE7: latitude * 1e7,
  longitudeE7: longitude * 1e7,
})

test('north is up, east is right, and every place is on the map', () => {
  const spots = [spot(30, 110), spot(30.2, 110.1), spot(30.1, 110.3)]
  const plan = planOf(spots)
  const [south, north, east] = spots.map(plan.dot)
  expect(north && south && north.y < south.y && north.x > south.x).toBe(true)
  expect(east && north && east.x > north.x).toBe(true)
  for (const one of spots) expect(isOn(plan.dot(one))).toBe(true)
})

test('a kilometre is as long to the north as to the east', () => {
  const plan = planOf([spot(60, 20), spot(60.1, 20)])
  const [origin, north, east] = [spot(60, 20), spot(60.01, 20), spot(60, 20.02)].map(plan.dot)
  const up = (origin?.y ?? 0) - (north?.y ?? 0)
  const right = (east?.x ?? 0) - (origin?.x ?? 0)
  expect(right / up).toBeCloseTo(1, 2)
})

test('grid lines are a round distance apart', () => {
  const plan = planOf([spot(30, 110), spot(30.2, 110.1)])
  expect(plan.stepM).toBe(5_000)
  expect(plan.columns).toContain(side / 2)
})

test('one place alone is in the middle', () => {
  const plan = planOf([spot(30, 110)])
  expect(plan.dot(spot(30, 110))).toEqual({ x: side / 2, y: side / 2 })
})
