import { parseId } from '@sansuiji/protocol'
import type { Preferences } from '@sansuiji/ui'
import { expect, test } from 'vitest'

import { readMarker, writeMarker } from './marker'

function kept(): Preferences & { readonly all: Map<string, string> } {
  const all = new Map<string, string>()
  return {
    all,
    get: (name) => all.get(name) ?? null,
    set: (name, value) => void all.set(name, value),
  }
}

const id = parseId('0190a000-0000-7000-8000-000000000002')
const identity = {
  ...{ device: id, campaign: id, inspector: id, publicKey: new Uint8Array([1]) },
  ...{ campaignName: '第一批', inspectorName: '測試甲', teamName: '第一組' },
}
const summary = {
  ...{ made: 5, unsent: 2, oldestUnsentAt: 7, attachments: 1, bundleAt: null },
  ...{ serverAheadMs: 0, at: 9 },
}

test('what a phone remembers of itself says who it was and what headquarters lacked', () => {
  const preferences = kept()
  expect(readMarker(preferences)).toBeNull()
  writeMarker(preferences, identity, summary)
  expect(readMarker(preferences)).toMatchObject({ device: id, made: 5, unsent: 2 })
  expect([...preferences.all.values()].join()).not.toContain('publicKey')
})

test('what cannot be read is as if it was not there', () => {
  const preferences = kept()
  preferences.all.set('marker', '{"device":')
  expect(readMarker(preferences)).toBeNull()
})
