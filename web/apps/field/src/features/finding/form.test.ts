import type { FindingView } from '@sansuiji/local'
import { parseId } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { formFor, inputOf } from './form'

const visit = parseId('0190a000-0000-7000-8000-000000000006')

test('a new form is empty and about a problem', () => {
  expect(formFor(null)).toMatchObject({ kind: 'problem', title: '', severity: null, place: null })
})

test('an edited finding starts from what it says, its place included', () => {
  const finding = {
    kind: 'achievement',
    title: '道路硬化',
    detail: '',
    severity: null,
    problemId: null,
    latitudeE7: 1,
    longitudeE7: 2,
    accuracyM: null,
  } as FindingView
  expect(formFor(finding)).toMatchObject({
    kind: 'achievement',
    place: { latitudeE7: 1, longitudeE7: 2, accuracyM: 0 },
  })
})

test('an achievement is saved without the severity its form may still hold', () => {
  const form = { ...formFor(null), kind: 'achievement', severity: 'serious' } as const
  expect(inputOf(form, { visit, id: null }, true)).toMatchObject({ severity: null, submit: true })
})
