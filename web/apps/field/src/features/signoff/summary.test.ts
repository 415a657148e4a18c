import type { FindingSummary, QuestionView, SignoffFacts } from '@sansuiji/local'
import type { Language } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { differences, summaryOf, textOf, type Words } from './summary'
import { en, zh } from './words'

/** The words as the app's own give them. */
function words(language: Language): Words {
  const list: Readonly<Record<string, string>> = (language === 'zh' ? zh : en).summary
  const t: Words['t'] = (key, values = {}) =>
    (list[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
  return { language, t, nowMillis: Date.UTC(2026, 10, 25) }
}

const finding = (title: string, change: Partial<FindingSummary> = {}) =>
  ({
    ...{ title, kind: 'problem', severity: 'serious', withdrawnAt: null },
    ...change,
  }) as FindingSummary

const question = (change: Partial<QuestionView>, value: string | null) =>
  ({
    ...{ code: 'C01', text: '記錄是否一致', kind: 'yesno', scaleMax: 5 },
    ...change,
    answer: value === null ? null : { value, note: '不讀的說明' },
  }) as QuestionView

const facts = {
  visit: {
    name: '柳溪村',
    code: 'V001',
    team: '第一核查組',
    arrivedAt: null,
    problemList: [
      { number: 1, title: '臺賬不全', verification: { outcome: 'rectified', note: '不讀的說明' } },
      { number: 2, title: '公示過期', verification: { outcome: 'sham' } },
      { number: null, title: '會議記錄', verification: null },
    ],
    commitmentList: [],
    findingList: [
      finding('後記的', { kind: 'achievement', severity: null }),
      finding('撤回的', { withdrawnAt: 1 }),
      finding('先記的'),
    ],
  },
  questions: [
    question({}, 'yes'),
    question({ code: 'C02', text: '相符程度', kind: 'scale' }, '4'),
    question({ code: 'C03', text: '其他', kind: 'text' }, null),
  ],
  interviewed: 3,
} as unknown as SignoffFacts

test('the text has all that was found, in the order of the unit, and no note of the team', () => {
  expect(textOf(summaryOf(facts, words('zh')))).toBe(`現場核查情況
單位：柳溪村（V001）
核查組：第一核查組

問題清單：共 3 項
已整改 1 項；虛假整改 1 項；未查驗 1 項
1. 臺賬不全：已整改
2. 公示過期：虛假整改
會議記錄：未查驗

核查發現：共 2 條
1. 先記的：問題 · 較重
2. 後記的：成效

現場題目：共 3 題，已答 2 題
C01 記錄是否一致：是
C02 相符程度：4 分（滿分 5 分）
C03 其他：未答

訪談群眾：3 人（不記姓名）`)
})

test('in English it begins with other words, by which its language is known', () => {
  const text = textOf(summaryOf(facts, words('en')))
  expect(text).toContain('2. 公示過期: Sham rectification')
  expect(text.split('\n')[0]).toBe(en.summary.title)
  expect(en.summary.title).not.toBe(zh.summary.title)
})

test('what was worded anew or graded anew after it was read is told apart', () => {
  const read = textOf(summaryOf(facts, words('zh')))
  const worse = [finding('先記的', { severity: 'critical' })]
  const now = { ...facts, visit: { ...facts.visit, findingList: worse } }
  expect(differences(read, textOf(summaryOf(now, words('zh'))))).toEqual({
    gone: ['核查發現：共 2 條', '1. 先記的：問題 · 較重', '2. 後記的：成效'],
    added: ['核查發現：共 1 條', '1. 先記的：問題 · 嚴重'],
  })
  expect(differences(read, read)).toEqual({ gone: [], added: [] })
})

test('of a long list what differs is read at once, and the rest is folded by its source', () => {
  const problem = (number: number, source: string, outcome: string | null) => ({
    ...{ number, source, title: `問題${String(number)}` },
    verification: outcome === null ? null : { outcome },
  })
  const problemList = [
    ...Array.from({ length: 20 }, (_, i) => problem(i + 1, 'self', 'rectified')),
    ...Array.from({ length: 5 }, (_, i) => problem(i + 21, 'public', null)),
    problem(26, 'public', 'sham'),
  ]
  const long = { ...facts, visit: { ...facts.visit, problemList } } as unknown as SignoffFacts
  const sections = summaryOf(long, words('zh'))
  const part = sections.find(({ title }) => title.startsWith('問題清單'))
  expect(part?.shown).toEqual(['已整改 20 項；虛假整改 1 項；未查驗 5 項', '26. 問題26：虛假整改'])
  expect(part?.folded?.map(({ title, lines }) => [title, lines.length])).toEqual([
    ['自己找 20 項（已整改 20 項）', 20],
    ['群眾提 5 項（未查驗 5 項）', 5],
  ])
  const read = [...(part?.shown ?? []), ...(part?.folded ?? []).flatMap(({ lines }) => lines)]
  expect(read.toSorted(), 'all that is signed can be read').toEqual(part?.lines.toSorted())
  expect(textOf(sections)).toContain('25. 問題25：未查驗')
})
