// @vitest-environment happy-dom
import { expect, test } from 'vitest'

import { Typed } from './typed'

const said = () => document.documentElement.getAttribute('data-typed')

test('the document says kept once the last words of every form are written down', () => {
  const [one, other] = [new Typed(), new Typed()]
  one.change()
  other.change()
  expect(said()).toBe('waits')
  one.take()
  one.change() // typed while the words before were being written
  one.keep()
  other.take()
  other.keep()
  expect(said()).toBe('waits')
  expect([one.waits, other.waits]).toEqual([true, false])
  one.take()
  expect(said(), 'taken is not kept').toBe('waits')
  one.keep()
  expect(said()).toBe('kept')
})
