// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'

import { dropDraft, keepDraft, readDraft, type ActDraft, type Doing } from './draft'

beforeEach(() => {
  sessionStorage.clear()
})

const draft: ActDraft = {
  ...{ text: '路燈全部修好', visit: '', open: true },
  shown: [{ hash: 'aa', name: '完工.jpg', caption: '' }],
}

const claim: Doing = { entry: 'e1', kind: 'claimed' }

test('what was written about an entry is there again, for that act alone, until it is sent', () => {
  keepDraft(sessionStorage, claim, draft)
  expect(readDraft(sessionStorage, claim)).toEqual(draft)
  expect(readDraft(sessionStorage, { ...claim, entry: 'e2' })).toBeUndefined()
  expect(readDraft(sessionStorage, { ...claim, kind: 'progress' })).toBeUndefined()
  dropDraft(sessionStorage, claim)
  expect(readDraft(sessionStorage, claim)).toBeUndefined()
})

test('what is no draft is none', () => {
  for (const rubbish of ['', '7', 'null', '{"text":1}', '{"text":"x","visit":""}']) {
    sessionStorage.setItem('hq.act.e1.claimed', rubbish)
    expect(readDraft(sessionStorage, claim)).toBeUndefined()
  }
})
