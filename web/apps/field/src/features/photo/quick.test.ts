import type { PhotoInput } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { withPhoto } from './quick'

const photo = (hash: string) => ({ hash }) as PhotoInput

test('a photo before words joins what the form held, and begins one where there was none', () => {
  const first = withPhoto(null, photo('a'))
  expect(JSON.parse(first)).toEqual({ photos: [{ hash: 'a' }] })
  const words = JSON.stringify({ title: '半句', photos: [{ hash: 'a' }] })
  expect(JSON.parse(withPhoto(words, photo('b')))).toEqual({
    title: '半句',
    photos: [{ hash: 'a' }, { hash: 'b' }],
  })
})
