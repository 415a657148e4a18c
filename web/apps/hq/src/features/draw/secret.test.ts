import { expect, test } from 'vitest'

import type { Plan } from '@sansuiji/draw'

import { certificateOf } from './outcome'
import {
  commitmentOf,
  newSecret,
  openFile,
  openText,
  secretFileName,
  secretFileText,
} from './secret'
import { detailOf } from './testing'

const held = newSecret('YT-2026-01/1', 'hq')

function planWith(role: string, commit: string): Plan {
  const { plan } = certificateOf(detailOf({ commitments: [{ role, commit }] }))
  return plan
}

test('a secret that was saved opens its commitment, from its file and typed', () => {
  const plan = planWith('hq', commitmentOf(held))
  const opened = { kind: 'opened', role: 'hq', secret: held.secret }
  expect(openFile(plan, secretFileText(held))).toEqual(opened)
  const typed = ` ${held.secret.toUpperCase().replaceAll(/(.{4})/g, '$1 ')}`
  expect(openText(plan, 'hq', typed)).toEqual(opened)
})

test('every secret is another, and its file is named after who holds it', () => {
  expect(newSecret('a/1', 'hq').secret).not.toBe(newSecret('a/1', 'hq').secret)
  expect(secretFileName(held)).toBe('密數-YT-2026-01-1-hq.json')
})

test('what opens nothing is told apart', () => {
  const plan = planWith('hq', commitmentOf(held))
  const other = { ...held, ceremony: 'YT-2026-01/2' }
  expect(openFile(plan, '{')).toMatchObject({ kind: 'unreadable' })
  expect(openFile(plan, '{"role":"hq"}')).toMatchObject({ kind: 'unreadable' })
  expect(openFile(plan, secretFileText(other))).toMatchObject({ kind: 'other-ceremony' })
  expect(openText(plan, 'observer', held.secret)).toMatchObject({ kind: 'no-role' })
  expect(openText(plan, 'hq', 'ab'.repeat(32))).toMatchObject({ kind: 'mismatch' })
})
