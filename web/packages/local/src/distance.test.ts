import { expect, test } from 'vitest'

import { bearingDegrees, distanceM, isFar, windOf, type Spot } from './distance'

const spot = (latitude: number, longitude: number): Spot => ({
  latitudeE7: latitude * 1e7,
  longitudeE7: longitude * 1e7,
})

test('a degree along a meridian or the equator is 111.195 km', () => {
  expect(distanceM(spot(0, 0), spot(1, 0))).toBeCloseTo(111_195.08, 1)
  expect(distanceM(spot(0, 179.5), spot(0, -179.5))).toBeCloseTo(111_195.08, 1)
})

test('known ways are as long as they are known to be', () => {
  // Beijing to Shanghai on the sphere: 1,067 km.
  const [beijing, shanghai] = [spot(39.9042, 116.4074), spot(31.2304, 121.4737)]
  expect(distanceM(beijing, shanghai) / 1000).toBeCloseTo(1067.3, 0)
  expect(bearingDegrees(beijing, shanghai)).toBeCloseTo(152.8, 0)
  expect(distanceM(beijing, beijing)).toBe(0)
})

test('the bearing is clockwise from north, and its wind the nearest of eight', () => {
  const here = spot(30, 110)
  const ways = [
    [spot(30.1, 110), 0, 'n'],
    [spot(30.0866, 110.1), 45, 'ne'],
    [spot(30, 110.1), 90, 'e'],
    [spot(29.9, 110), 180, 's'],
    [spot(30, 109.9), 270, 'w'],
  ] as const
  for (const [to, degrees, wind] of ways) {
    expect(Math.abs(bearingDegrees(here, to) - degrees)).toBeLessThan(0.2)
    expect(windOf(bearingDegrees(here, to))).toBe(wind)
  }
  expect(windOf(359)).toBe('n')
})

test('only who is surely over a kilometre away is far', () => {
  expect(isFar(1_200, 50)).toBe(true)
  expect(isFar(1_200, 300)).toBe(false)
  expect(isFar(900, 5)).toBe(false)
})
