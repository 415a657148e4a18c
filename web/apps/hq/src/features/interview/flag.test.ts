import { expect, test } from 'vitest'

import { flags } from './filter'
import { toneOfFlag, wordsOfProblem } from './flag'

test('what does not hold is said in the words of the norm, else by its code', () => {
  expect(wordsOfProblem('site-early', 'en')).toContain('before the code was told')
  expect(wordsOfProblem('contact-order', 'zh')).not.toContain('{')
  expect(wordsOfProblem('of-tomorrow', 'zh')).toBe('of-tomorrow')
})

test('every flag has a colour', () => {
  expect(flags.map(toneOfFlag)).not.toContain(undefined)
})
