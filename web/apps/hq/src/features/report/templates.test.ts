import { expect, test } from 'vitest'

import { chosenTemplate, templatesOf, usable, type Version } from './templates'

const first: Version = {
  id: 'a',
  kind: 'progress',
  name: '市委用',
  version: 1,
  size: 1,
  made_by: '老錢',
  made_at: 1,
}
const versions: readonly Version[] = [
  { ...first, version: 2 },
  { ...first, withdrawn_at: 2 },
  { ...first, id: 'b', kind: 'feedback', name: '反饋' },
]

test('versions stand with their template, the newest first', () => {
  expect(templatesOf(versions).map((one) => [one.name, one.versions.length])).toEqual([
    ['市委用', 2],
    ['反饋', 1],
  ])
})

test('what was withdrawn, or is of another kind, cannot be chosen', () => {
  expect(usable(versions, 'progress')).toEqual([{ value: 'a/2', label: '市委用 v2' }])
  expect(chosenTemplate('a/2')).toEqual({ template: 'a', template_version: 2 })
  expect(chosenTemplate('')).toEqual({})
})
