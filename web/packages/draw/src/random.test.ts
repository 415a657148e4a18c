import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { digest } from './random.testing'

const file = new URL('../../../../testdata/draw/random.txt', import.meta.url)
const digests = readFileSync(file, 'utf8').trim().split('\n')

/** How many blocks of 1,000 random plans are drawn: 100 are all that Go has. */
const blocks = Number(process.env['DRAW_BLOCKS'] ?? '2')

test.each(digests.slice(0, blocks).map((want, block) => ({ want, block })))(
  'the random plans of block $block come out here as in Go',
  { timeout: 60_000 },
  ({ want, block }) => {
    expect(digest(block)).toBe(want)
  },
)
