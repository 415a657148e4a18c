import { expect, test } from 'vitest'

import type { Finding } from '../../api/types'
import { chosenMax, isDraft, useSelection } from './select'

const row = (id: string, withdrawn?: number): Finding =>
  ({ id, ...(withdrawn ? { withdrawn_at: withdrawn } : {}) }) as Finding

test('drafts are not chosen with a page', () => {
  const { chosen, togglePage } = useSelection()
  const draft = { id: 'd', status: 'draft', review: 'pending' } as Finding
  togglePage([row('a'), draft])
  expect([...chosen.value.keys()]).toEqual(['a'])
  expect([isDraft(draft), isDraft({ ...draft, review: 'accepted' })]).toEqual([true, false])
})

test('a page is chosen whole and let go whole; what was withdrawn cannot be chosen', () => {
  const { chosen, toggle, togglePage } = useSelection()
  const rows = [row('a'), row('b'), row('c', 1)]
  toggle(rows[0] as Finding)
  togglePage(rows)
  expect([...chosen.value.keys()]).toEqual(['a', 'b'])
  togglePage(rows)
  expect(chosen.value.size).toBe(0)
  togglePage(Array.from({ length: chosenMax + 5 }, (_, n) => row(String(n))))
  expect(chosen.value.size).toBe(chosenMax)
})
