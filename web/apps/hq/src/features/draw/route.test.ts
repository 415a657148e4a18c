import { expect, test } from 'vitest'

import type { Visit } from '../../api/types'
import { ordersText } from './chance'
import { newForm } from './form'
import { daysOf, drawingOf, nightsOf } from './map'
import { metresPerMinute, settingsOf } from './settings'
import { toldOf } from './visits'

const stops = ['U1', 'U2', 'U3'].map((id, i) => ({ id, name: id, x: i * 1000, y: 0 }))
const strata = [{ id: 'C01', county: '東縣', units: 30 }]
const planned = { ...newForm(), teams: { T1: { in: true, cap: 1 } } }

function visit(code: string, status: string, more: Partial<Visit> = {}): Visit {
  return { code, status, team: '第一核查組', sequence: 1, ...more } as Visit
}

test('a speed in kilometres an hour is planned in metres a minute', () => {
  expect([40, 60, 50.5, ''].map(metresPerMinute)).toEqual([667, 1000, 842, 0])
  const days = { on: true, speed: 40, visitMinutes: 90, dayMinutes: 480 }
  expect(settingsOf({ ...planned, days }, strata).routes?.days).toEqual({
    metres_per_minute: 667,
    visit_minutes: 90,
    day_minutes: 480,
  })
  expect(settingsOf(planned, strata).routes).not.toHaveProperty('days')
})

test('teams are told stop by stop only where there are routes', () => {
  expect(settingsOf({ ...planned, stops: true }, strata).stops).toBe(true)
  expect(settingsOf(planned, strata)).not.toHaveProperty('stops')
  const routes = { ...planned.routes, on: false }
  expect(settingsOf({ ...planned, routes, stops: true }, strata)).not.toHaveProperty('stops')
})

test('stops are put into days in their order, and each day but the last ends in a night', () => {
  const route = { stops, days: [2, 1] }
  expect(daysOf(route).map((day) => day.stops.map(({ id }) => id))).toEqual([['U1', 'U2'], ['U3']])
  expect(daysOf(route).map(({ first }) => first)).toEqual([1, 3])
  expect([...nightsOf(route)]).toEqual([[2, 1]])
  expect(daysOf({ stops, days: [] })).toHaveLength(1)
})

test('the way of the next morning is drawn apart from the others', () => {
  const { ways } = drawingOf({ depot: { x: 0, y: 500 }, stops, days: [2, 1] })
  expect(ways.map(({ night }) => night)).toEqual([false, false, true, false])
})

test('a team knows the stops that it has visits of, and is at the one it has not left', () => {
  const told = toldOf({ stops }, '第一核查組', [
    visit('U1', 'left'),
    visit('U2', 'arrived'),
    visit('U3', 'planned', { sequence: undefined }),
    visit('U3', 'arrived', { team: '第二核查組' }),
  ])
  expect([...told.known]).toEqual(['U1', 'U2'])
  expect([told.now, told.over]).toEqual(['U2', false])
  const all = stops.map(({ id }) => visit(id, 'closed'))
  expect(toldOf({ stops }, '第一核查組', all)).toMatchObject({ now: undefined, over: true })
})

test('bits are told as a number of orders', () => {
  expect(ordersText(12.3, 'en')).toBe('5,000')
  expect(ordersText(39.8, 'zh')).toBe('9.6 × 10¹¹')
  expect(ordersText(0, 'zh')).toBe('1')
})
