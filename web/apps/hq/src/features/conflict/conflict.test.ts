// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'

import type { Conflict } from '../../api/types'
import { mountAt, serverOf, type Answer } from '../../testing'
import ConflictCard from './ConflictCard.vue'

const origin = {
  device_id: '',
  seq: 4,
  position: 9,
  wall_at: 0,
  received_at: 0,
  competing: true,
}

const conflict: Conflict = {
  id: 'c9',
  row_label: { zh: '發現', en: 'Finding' },
  table: 'finding',
  row: 'f1',
  column: 'detail',
  label: { zh: '詳細描述', en: 'Detail' },
  title: '公示欄未更新',
  unit: '石門村',
  team: '第一核查組',
  state: 'open',
  opened_at: 0,
  read_at: 41,
  base: '公示欄內容陳舊',
  writes: [
    {
      ...origin,
      device: '甲機',
      inspector: '甲',
      hash: 'aa',
      value: '公示欄內容陳舊,半年未換',
      shown: '公示欄內容陳舊,半年未換',
      stands: false,
    },
    {
      ...origin,
      device: '乙機',
      inspector: '乙',
      hash: 'bb',
      value: '公示欄空白',
      shown: '公示欄空白',
      stands: true,
    },
  ],
}

const path = '/api/hq/campaigns/c1/conflicts/c9/resolution'
const at = (name: string): string => `[data-testid=${name}]`

afterEach(() => {
  document.body.replaceChildren()
})

async function cardWith(answer: Answer, reviews = true) {
  const server = serverOf(() => answer)
  const card = await mountAt(ConflictCard, { conflict, asked: false, reviews }, server.fetch)
  return { card, asked: server.asked }
}

test('the values stand side by side with what each changed', async () => {
  const { card } = await cardWith([204])
  expect(card.text()).toContain('原值')
  expect(card.findAll('ins').map((e) => e.text())).toContain(',半年未換')
  expect(card.text()).toContain('暫以此為準')
})

test('who only looks sees both sides and is offered nothing', async () => {
  const { card } = await cardWith([403], false)
  expect(card.text()).toContain('暫以此為準')
  expect(card.find('button[data-testid]').exists()).toBe(false)
})

test('keeping one side sends its value, the note, and the revision that was read', async () => {
  const { card, asked } = await cardWith([204])
  await card.get(at('conflict-keep-0')).trigger('click')
  await card.get(at('conflict-note')).setValue('以現場照片為準')
  await card.get('form').trigger('submit')
  await flushPromises()
  const body = { value: '公示欄內容陳舊,半年未換', note: '以現場照片為準', read_at: 41 }
  expect(asked).toEqual([{ method: 'POST', path, body }])
})

test('another value can be written in place of all of them', async () => {
  const { card, asked } = await cardWith([204])
  await card.get(at('conflict-write')).trigger('click')
  await card.get(at('conflict-write-value')).setValue('公示欄半年未更新')
  await card.get('form').trigger('submit')
  await flushPromises()
  expect(asked[0]?.body).toMatchObject({ value: '公示欄半年未更新', read_at: 41 })
})

test('a conflict that changed meanwhile is not settled, and the person is told', async () => {
  const { card } = await cardWith([409, { type: 'urn:sansuiji:problem:row-changed-meanwhile' }])
  await card.get(at('conflict-keep-1')).trigger('click')
  await card.get('form').trigger('submit')
  await flushPromises()
  expect(card.get('[role=alert]').text()).toContain('內容剛被他人改動')
})
