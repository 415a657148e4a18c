import { expect, test } from 'vitest'

import { blankForm, formOf, gapsOf, groupsOf, moved, sentOf, type Question } from './form'

const question = (id: string, more: Partial<Question> = {}): Question => ({
  ...sentOf(blankForm('check', '')),
  id,
  code: id,
  text: id,
  answers: 0,
  revision: 1,
  ...more,
})

test('questions stand by usage and category, the common ones first, withdrawn ones on demand', () => {
  const all = [
    question('i', { usage: 'interview' }),
    question('v', { category: 'village' }),
    question('gone', { withdrawn_at: 1 }),
    question('c'),
  ]
  const names = (withdrawn: boolean) =>
    groupsOf(all, withdrawn).map((group) => [
      group.usage,
      group.category,
      ...group.questions.map(({ id }) => id),
    ])
  expect(names(false)).toEqual([
    ['check', '', 'c'],
    ['check', 'village', 'v'],
    ['interview', '', 'i'],
  ])
  expect(names(true)[0]).toEqual(['check', '', 'gone', 'c'])
})

test('a question moves within its group and no further', () => {
  const [group] = groupsOf([question('a'), question('b'), question('c')], false)
  if (!group) throw new Error('no group')
  expect(moved(group, 'b', -1)).toEqual(['b', 'a', 'c'])
  expect(moved(group, 'b', 1)).toEqual(['a', 'c', 'b'])
  expect(moved(group, 'a', -1)).toBeUndefined()
  expect(moved(group, 'c', 1)).toBeUndefined()
  expect(moved(group, 'other', 1)).toBeUndefined()
})

test('a form says what is missing, and sends only what its kind has', () => {
  const form = blankForm('interview', '')
  expect(Object.keys(gapsOf(form))).toEqual(['code', 'text'])
  const choice = { ...form, code: 'C1', text: '問', kind: 'choice' as const, options: '甲\n \n' }
  expect(gapsOf(choice)).toEqual({ options: 'question.need.options' })
  expect(gapsOf({ ...choice, options: '甲\n乙' })).toEqual({})
  expect(gapsOf({ ...choice, kind: 'scale', scale_max: 1 })).toEqual({
    scale_max: 'question.need.scale',
  })
  expect(sentOf({ ...choice, options: '甲\n乙', readable: true })).not.toHaveProperty('scale_max')
  expect(sentOf({ ...choice, readable: true }).readable).toBe(false)
  expect(formOf(question('a', { kind: 'scale', scale_max: 5 })).scale_max).toBe(5)
})
