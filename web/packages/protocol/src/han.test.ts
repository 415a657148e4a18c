import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { foldHan } from './han'

const file = new URL('../../../../testdata/han/vectors.json', import.meta.url)
const { one, apart } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly one: readonly { readonly texts: readonly string[]; readonly folded: string }[]
  readonly apart: readonly (readonly [string, string])[]
}

test('texts that people type for one another fold to one, as in Go', () => {
  for (const { texts, folded } of one) {
    for (const text of texts) expect(foldHan(text)).toBe(folded)
  }
  for (const [a, b] of apart) expect(foldHan(a)).not.toBe(foldHan(b))
})
