import { expect, test } from 'vitest'

import { layOut } from './place'

const unit = { latitude: 30_0000000, longitude: -170_0000000 }

test('a finding recorded north of the unit stands above it, and far away is told', () => {
  const near = layOut({ ...unit, latitude: 30_0050000 }, unit, 20)
  expect(near.metres).toBeCloseTo(556.6, 0)
  expect(near.unit && near.recorded.y < near.unit.y).toBe(true)
  expect(near.far).toBe(false)
  expect(layOut({ ...unit, latitude: 30_0500000 }, unit, 20).far).toBe(true)
  expect(layOut(unit, undefined, 10)).toMatchObject({ metres: undefined, far: false })
})

test('both places fit into the drawing, whatever the direction', () => {
  for (const [north, east] of [
    [9_000, 90_000],
    [90_000, 9_000],
    [-400_000, 400_000],
  ] as const) {
    const at = { latitude: unit.latitude + north, longitude: unit.longitude + east }
    const drawing = layOut(at, unit, 0)
    for (const p of [drawing.recorded, drawing.unit]) {
      expect(p && p.x >= 0 && p.x <= 240 && p.y >= 0 && p.y <= 110).toBe(true)
    }
  }
})
