import { expect, test } from 'vitest'

import { boundsOf, circleOf, linesOf } from './drawn'

const spot = (latitude: number, longitude: number) => ({
  latitudeE7: latitude * 1e7,
  longitudeE7: longitude * 1e7,
})

test('a route is a line in its order, and one unit draws none', () => {
  const { geometry } = linesOf([[spot(30, -170), spot(29, -169)], [spot(1, 2)]])
  expect(geometry).toEqual({
    type: 'MultiLineString',
    coordinates: [
      [
        [-170, 30],
        [-169, 29],
      ],
    ],
  })
})

test('what is around places, and around a fix', () => {
  expect(boundsOf([])).toBeNull()
  expect(boundsOf([spot(30, -170), spot(29, -169)])).toEqual([
    [-170, 29],
    [-169, 30],
  ])
  const { geometry } = circleOf({ ...spot(60, 10), accuracyM: 1_111.95 })
  if (geometry.type !== 'Polygon') throw new Error(geometry.type)
  const [ring] = geometry.coordinates
  expect(ring?.[0]?.[0], 'a degree east is half as long at 60°').toBeCloseTo(10.02, 4)
  expect(ring?.[12]?.[1]).toBeCloseTo(60.01, 4)
  expect(ring?.[0]?.[0]).toBeCloseTo(ring?.at(-1)?.[0] ?? 0, 9)
})
