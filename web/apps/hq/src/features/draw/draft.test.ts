// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'

import { dropDraft, keepDraft, readDraft } from './draft'
import { newForm } from './form'

beforeEach(() => {
  sessionStorage.clear()
})

test('a form that is half filled in comes back, for its campaign, until it is dropped', () => {
  const form = { ...newForm(), n: 17, people: ['甲', '乙', '丙'] }
  keepDraft(sessionStorage, 'c1', form)
  expect(readDraft(sessionStorage, 'c1')).toEqual(form)
  expect(readDraft(sessionStorage, 'c2')).toEqual(newForm())
  dropDraft(sessionStorage, 'c1')
  expect(readDraft(sessionStorage, 'c1')).toEqual(newForm())
})

test('what does not fit the form any more is left out, and rubbish is no form', () => {
  const odd = { n: 'many', people: {}, modes: null, gone: 1, floor: 2 }
  sessionStorage.setItem('hq.plan.c1', JSON.stringify(odd))
  expect(readDraft(sessionStorage, 'c1')).toEqual({ ...newForm(), floor: 2 })
  for (const rubbish of ['{', 'null', '[1]', '7']) {
    sessionStorage.setItem('hq.plan.c1', rubbish)
    expect(readDraft(sessionStorage, 'c1')).toEqual(newForm())
  }
})
