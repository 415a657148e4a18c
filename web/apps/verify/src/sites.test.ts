// @vitest-environment happy-dom
import type { Hash } from '@sansuiji/draw'
import { utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import type { ReadFile } from './files'
import { doing } from './job'
import { outcomeParts, outcomeSaid } from './outcome'
import type { Shown } from './page'
import type { SiteReport, SitesReport } from './sites'
import { fileOf, madeVillage, villageFile } from './sites.testing'

const certificate = villageFile('certificate.json')
const vectors = [villageFile('record.json')]
const roster = villageFile('roster.csv')

interface Brought {
  readonly records: readonly ReadFile[]
  readonly rosters: readonly ReadFile[]
  readonly certificate?: ReadFile
  readonly known?: readonly Hash[]
}

/** What the page would show of files. */
function shownOf(brought: Brought, language: 'zh' | 'en' = 'zh'): Shown {
  const { known = [], records, rosters } = brought
  const files = { certificate: (brought.certificate ?? certificate).bytes, records, rosters, known }
  const sites: SiteReport[] = []
  let together: SitesReport | undefined
  for (const news of doing({ draw: undefined, sites: files })) {
    if (news.kind === 'site') sites.push(news.report)
    if (news.kind === 'sites') together = news.report
  }
  const common = { state: 'done', steps: [], report: undefined, missing: [] } as const
  return { ...common, language, sites, together, wrongHash: undefined }
}

function textOf(shown: Shown): string {
  return outcomeParts(shown)
    .map(({ textContent }) => textContent)
    .join('\n')
}

test('the village of the vectors is shown with who was asked', () => {
  const shown = shownOf({ records: vectors, rosters: [roster] })
  expect(shown.sites[0]?.result).toBe('holds')
  const text = textOf(shown)
  for (const said of ['值班席給碼', '名冊是戶籍的 95%', '應訪 4 人，完成 2 人，動用替補 1 人']) {
    expect(text).toContain(said)
  }
  expect(text).toContain('6WR1-CZH9-YANT')
  const rows = outcomeParts(shown).flatMap((part) => [...part.querySelectorAll('.asked tbody tr')])
  const said = rows.map(({ textContent }) => textContent)
  expect(said).toHaveLength(5)
  expect(said[0]).toContain('完成訪談')
  expect(said[0]).toContain('戶內 4 人')
  expect(said[1]).toContain('拒訪')
  expect(said[2]).toContain('還沒有接觸')
  expect(said[4]).toContain('替補')
  expect(outcomeSaid(shown)).toBe('現場: 成立')
  expect(textOf(shownOf({ records: vectors, rosters: [roster] }, 'en'))).toContain('Completed')
})

test('records find their rosters in any order, and those that do not hold come first', () => {
  const villages = [0, 2, 3, 4].map(madeVillage)
  const forged = villages.map(({ record }) => {
    if (record.site !== 'V03') return fileOf(record)
    return fileOf({ ...record, contacts: record.contacts.slice(3) })
  })
  const rosters = [...villages.map((village) => village.roster).reverse(), roster]
  const shown = shownOf({ records: [...forged, ...vectors], rosters })
  const entries = outcomeParts(shown).flatMap((part) => [...part.querySelectorAll('.entry')])
  expect(entries.map((entry) => entry.querySelector('.id')?.textContent)).toEqual([
    'V03',
    'V00',
    'V01',
    'V02',
    'V04',
  ])
  expect(entries[0]?.className).toBe('entry fails')
})

test('a roster that was changed, is missing or belongs to nobody is said', () => {
  const { record, roster: own } = madeVillage(2)
  const text = new TextDecoder().decode(own.bytes)
  const changed = { ...own, bytes: utf8(text.replace('村民3\n', '村民三\n')) }
  const one = shownOf({ records: [fileOf(record)], rosters: [changed] })
  expect(one.sites[0]?.result).toBe('fails')
  expect(textOf(one)).toContain('名冊被改動過')
  const none = shownOf({ records: [fileOf(record), ...vectors], rosters: [roster] })
  expect(none.sites.map(({ result }) => result)).toEqual(['unknown', 'holds'])
  expect(textOf(none)).toContain('沒有一份名冊與這份記錄相符')
  const stray = shownOf({ records: vectors, rosters: [own, roster] })
  expect(stray.sites[0]?.result).toBe('holds')
  expect(textOf(stray)).toContain('不屬於任何一份記錄的名冊：2.csv')
})

test('another ceremony, two records of a site, and other hashes are said', () => {
  const { record } = madeVillage(2)
  const foreign = fileOf({ ...record, plan_hash: record.root })
  const other = shownOf({ records: [foreign], rosters: [madeVillage(2).roster] }, 'en')
  expect(textOf(other)).toContain('This record is of another ceremony')
  const later = { ...record, contacts: record.contacts.slice(0, 2) }
  const files = [fileOf(record), fileOf(later)]
  const twice = shownOf({ records: files, rosters: [madeVillage(2).roster] })
  expect(textOf(twice)).toContain('現場 V02 有不止一份記錄')
  const known = shownOf({ records: vectors, rosters: [roster], known: [record.root] })
  expect(known.sites[0]?.steps.at(-1)).toMatchObject({ name: 'verify-known', result: 'fails' })
})

test('what cannot be read is said', () => {
  const broken = { name: 'record.json', bytes: vectors[0]?.bytes.slice(0, 300) ?? new Uint8Array() }
  expect(textOf(shownOf({ records: [broken], rosters: [roster] }))).toContain('記錄無法讀取')
  const empty = { name: 'certificate.json', bytes: new Uint8Array() }
  const shown = shownOf({ records: vectors, rosters: [roster], certificate: empty })
  expect(shown.sites[0]?.result).toBe('fails')
  expect(textOf(shown)).toContain('第 1 行第 1 列')
})

test('a draw and sites are verified together', () => {
  const city = (name: string) => villageFile(`../city/${name}`).bytes
  const draw = { certificate: city('certificate.json'), frame: city('frame.csv') }
  const { certificate: bytes } = draw
  const files = { certificate: bytes, records: vectors, rosters: [roster], known: [] }
  const news = [...doing({ draw: { ...draw, log: city('log.jsonl') }, sites: files })]
  expect(news.map(({ kind }) => kind)).toEqual([
    ...Array<string>(8).fill('step'),
    ...['draw', 'site', 'sites', 'done'],
  ])
  const report = news.find((one) => one.kind === 'draw')?.report
  const shown = { ...shownOf({ ...files, certificate: { name: 'c', bytes } }), report }
  const verdicts = outcomeParts(shown).filter((part) => part.classList.contains('verdict'))
  expect(verdicts.map(({ className }) => className)).toEqual(['verdict holds', 'verdict fails'])
  expect(verdicts[1]?.textContent).toContain('這份記錄屬於另一次抽取')
  expect(verdicts[1]?.textContent).not.toContain('抽樣框不在這裡')
})
