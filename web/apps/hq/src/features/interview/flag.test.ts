import { expect, test } from 'vitest'

import { flags } from './filter'
import { toneOfFlag, wordsOfProblem } from './flag'
import * as problemWords from './problemWords'

test('what does not hold is said in the words of the norm where all that they name is known', () => {
  expect(wordsOfProblem('contact-order', 'zh', ['3', 'A-1', 'A-7'])).toContain('「A-1」還沒輪到')
  expect(wordsOfProblem('unlock-code', 'en')).toContain('17 letters')
})

test('otherwise it is said without names, and what is not known by its code', () => {
  expect(wordsOfProblem('site-early', 'en')).toBe('The key was opened before the code was told.')
  expect(wordsOfProblem('of-tomorrow', 'zh')).toBe('of-tomorrow')
  expect(Object.keys(problemWords.zh)).toEqual(Object.keys(problemWords.en))
  for (const language of ['zh', 'en'] as const) {
    const said = Object.keys(problemWords[language]).map((code) => wordsOfProblem(code, language))
    expect(said.filter((one) => /[{…]/.test(one))).toEqual([])
  }
})

test('every flag has a colour', () => {
  expect(flags.map(toneOfFlag)).not.toContain(undefined)
})
