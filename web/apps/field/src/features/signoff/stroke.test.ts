import { expect, test } from 'vitest'

import { drawStroke, isWritten, type Pen } from './stroke'

function pen() {
  const done: string[] = []
  const note =
    (name: string) =>
    (...args: readonly number[]) => {
      done.push([name, ...args].join(' '))
    }
  const calls = {
    beginPath: note('begin'),
    moveTo: note('move'),
    lineTo: note('line'),
    quadraticCurveTo: note('curve'),
    stroke: note('stroke'),
  }
  return { done, pen: calls as unknown as Pen }
}

test('a stroke goes in curves through the middles between its points, and ends at the last', () => {
  const { done, pen: on } = pen()
  drawStroke(on, [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 20, y: 20 },
  ])
  expect(done).toEqual([
    'begin',
    'move 0 0',
    'curve 0 0 5 0',
    'curve 10 0 15 10',
    'line 20 20',
    'stroke',
  ])
})

test('a touch is a dot and no signature; a written name is one', () => {
  const { done, pen: on } = pen()
  drawStroke(on, [{ x: 3, y: 4 }])
  expect(done).toContain('line 3 4')
  expect(isWritten([[{ x: 3, y: 4 }]])).toBe(false)
  const name = [
    { x: 0, y: 0 },
    { x: 30, y: 40 },
    { x: 60, y: 0 },
  ]
  expect(isWritten([name])).toBe(true)
})
