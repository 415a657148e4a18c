// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'

import type { Inspector } from '../../api/types'
import { mountAt, serverOf, whoMay } from '../../testing'
import InspectorRow from './InspectorRow.vue'

afterEach(() => {
  document.body.replaceChildren()
})

const inspector: Inspector = {
  id: 'i1',
  name: '甲',
  team: '一組',
  team_id: '1',
  role: 'leader',
  devices: [{ id: 'd1', name: '手機', enrolled_at: 1, entries: 2 }],
}

test('what somebody could only be refused is not offered', async () => {
  const { fetch } = serverOf(() => [404])
  const acts = '[data-testid=enrol-code-make], [data-testid^=device-w], [data-testid=device-revoke]'
  const whole = await mountAt(InspectorRow, { inspector }, fetch)
  expect(whole.findAll(acts).length).toBeGreaterThan(1)
  whole.unmount()
  const auditor = await mountAt(InspectorRow, { inspector }, fetch, whoMay('inspectors', 'audit'))
  expect(auditor.text()).toContain('手機')
  expect(auditor.findAll(acts)).toHaveLength(0)
})
