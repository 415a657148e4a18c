import { expect, test } from 'vitest'

import type { Device, Inspector } from '../../api/types'
import { phonesAtRisk } from './team'

const phone = (name: string, more: Partial<Device>): Device => ({
  id: name,
  name,
  enrolled_at: 1,
  entries: 0,
  ...more,
})

test('whoever leaves a team is asked about phones that may hold what is not sent', () => {
  const inspector: Inspector = {
    ...{ id: 'a', name: '甲', team: '一組', team_id: '1', role: 'member' },
    devices: [
      phone('未報告', {}),
      phone('有未上傳', { seen_at: 2, unsent: 3 }),
      phone('已全部上傳', { seen_at: 2, unsent: 0 }),
      phone('已停用', { revoked_at: 2 }),
      phone('已清除', { wiped_at: 2 }),
    ],
  }
  expect(phonesAtRisk(inspector)).toEqual(['未報告', '有未上傳'])
  expect(phonesAtRisk({ ...inspector, devices: null })).toEqual([])
})
