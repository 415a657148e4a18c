// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'

import type { FindingDetail } from '../../api/types'
import { mountAt, serverOf, type Answer } from '../../testing'
import DecisionBar from './DecisionBar.vue'

const finding: FindingDetail = {
  id: 'f1',
  title: '公示欄未更新',
  detail: '',
  kind: 'problem',
  severity: 'minor',
  status: 'submitted',
  review: 'pending',
  review_note: '',
  unit: '石門村',
  unit_code: '1',
  county: '',
  township: '',
  category: 'village',
  team: '第一核查組',
  team_id: 't1',
  problem: '',
  inspector: '甲',
  conflicts: 0,
  topic: '',
  responsible_unit: '',
  unit_id: 'u1',
  visit_id: 'v1',
  revised: false,
  revision: 40,
  read_at: 41,
  comments: null,
  decisions: null,
  open_conflicts: null,
  history: null,
}

const path = '/api/hq/campaigns/c1/findings/f1/review'
const at = (name: string): string => `[data-testid=${name}]`

afterEach(() => {
  document.body.replaceChildren()
})

async function barWith(answer: Answer) {
  const server = serverOf(() => answer)
  const bar = await mountAt(DecisionBar, { finding }, server.fetch)
  return { bar, asked: server.asked }
}

test('a finding is accepted as it was read, with or without a note', async () => {
  const { bar, asked } = await barWith([204])
  await bar.get(at('finding-accept')).trigger('click')
  await flushPromises()
  const body = { decision: 'accepted', note: '', read_at: 41 }
  expect(asked).toEqual([{ method: 'POST', path, body }])
})

test('a finding is not returned without saying why', async () => {
  const { bar, asked } = await barWith([204])
  await bar.get(at('finding-return')).trigger('click')
  expect(bar.text()).toContain('退回須填寫意見')
  expect(asked).toEqual([])
  await bar.get(at('finding-note')).setValue(' 請補照片 ')
  await bar.get(at('finding-return')).trigger('click')
  await flushPromises()
  expect(asked[0]?.body).toEqual({ decision: 'returned', note: '請補照片', read_at: 41 })
})

test('when somebody changed the finding meanwhile, the note stays and the person is told', async () => {
  const { bar } = await barWith([409, { type: 'urn:sansuiji:problem:row-changed-meanwhile' }])
  await bar.get(at('finding-note')).setValue('請補照片')
  await bar.get(at('finding-return')).trigger('click')
  await flushPromises()
  expect(bar.get('[role=alert]').text()).toContain('內容剛被他人改動')
  const note = bar.get(at('finding-note')).element
  expect(note instanceof HTMLTextAreaElement && note.value).toBe('請補照片')
})
