import type { BrowserFacts, ReadyFacts } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { detailOf, sayBytes, type Detail } from './details'

const speech: Detail['speech'] = {
  t: (key, values = {}) => [key.replace('prepare.detail.', ''), ...Object.values(values)].join(' '),
  choice: (_table, _column, code) => code ?? '',
  moment: (at) => `@${String(at)}`,
  language: { value: 'zh' } as Detail['speech']['language'],
}

const facts = {
  complete: true,
  visits: 4,
  unitsMissing: 0,
  questionsCommon: 5,
  categories: [
    { category: 'village', units: 3, questions: 3 },
    { category: 'soe', units: 1, questions: 1 },
  ],
  serverAheadMs: 1_400,
  contactAt: 9,
  syncedAt: null,
} as unknown as ReadyFacts

function say(name: Parameters<typeof detailOf>[0], change: Partial<ReadyFacts> = {}, good = true) {
  const browser = { freeBytes: 2.5e9 } as BrowserFacts
  return detailOf(name, { facts: { ...facts, ...change }, browser, good, speech })
}

test('each item says what is there, and what is amiss', () => {
  expect(say('visits')).toBe('visits 4')
  expect(say('visits', { unitsMissing: 1 })).toBe('visits 4；unitsMissing 1')
  expect(say('visits', { complete: false })).toBe('visits 4；incomplete')
  expect(say('questions')).toBe('questions 5；category village 3、category soe 1')
  expect(say('space')).toBe('space 2.5 GB')
  expect(say('sync')).toBe('never')
  expect(say('clock')).toBe('clock 1')
  expect(say('clock', { serverAheadMs: -600_000 }, false)).toBe('clockOff 10')
  expect(say('clock', {}, false)).toBe('clockOld @9')
})

test('sizes are said in megabytes, and in gigabytes from one on', () => {
  expect(sayBytes(480e6)).toBe('480 MB')
  expect(sayBytes(10.7e9)).toBe('10.7 GB')
})
