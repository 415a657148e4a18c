// @vitest-environment happy-dom
import { expect, test } from 'vitest'

import { filesPart } from './drop'

test('what is typed is kept before it is a hash', () => {
  const typed: string[] = []
  const known: string[] = []
  const part = filesPart(
    'zh',
    { kept: new Map(), strange: [], known: '' },
    {
      add: () => undefined,
      remove: () => undefined,
      typed: (text) => typed.push(text),
      know: (text) => known.push(text),
    },
  )
  const area = part.querySelector('textarea')
  if (area === null) throw new Error('no field')
  for (const text of ['757e', `757e ${'0'.repeat(60)}`]) {
    area.value = text
    area.dispatchEvent(new Event('input'))
  }
  expect(typed).toEqual(['757e', `757e ${'0'.repeat(60)}`])
  expect(known).toEqual([`757e ${'0'.repeat(60)}`])
})
