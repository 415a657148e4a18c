import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'

import type { SealedInterview, Unsealing } from '../../api/types'
import { answersOf, keysIn, openTalk, type TalkDocument } from './opening'
import { mayDecide, mayRead, stateOf } from './sealed'

const asked: Unsealing = {
  id: 'u',
  part: 'talk',
  reason: '核對',
  asked_by: '王芳（wang）',
  asked_at: 1,
  decided_by: '',
  refused: false,
}

function interview(...unsealings: Unsealing[]): SealedInterview {
  return {
    id: 'i',
    code: 'K3PQ7Z',
    unit: '槐塘村',
    county: '霽川縣',
    team: '一組',
    consent: 'given',
    consent_at: 0,
    size: 9,
    sealed_to: 'age1x',
    unsealings,
  }
}

test('the newest request says how far an interview is', () => {
  const agreed = { ...asked, decided_at: 2, decided_by: '李強（li）', until: 100 }
  expect(stateOf(interview(), 50)).toBe('sealed')
  expect(stateOf(interview(asked), 50)).toBe('asked')
  expect(stateOf(interview(agreed, asked), 50)).toBe('agreed')
  expect(stateOf(interview(agreed), 100)).toBe('sealed')
  expect(stateOf(interview({ ...agreed, opened_at: 3 }), 100)).toBe('opened')
  expect(stateOf(interview({ ...agreed, refused: true }), 50)).toBe('refused')
})

test('who asked does not decide, and who decided does not read', () => {
  const agreed = { ...asked, decided_at: 2, decided_by: '李強（li）', until: 100 }
  expect(mayDecide(asked, 'wang')).toBe(false)
  expect(mayDecide(asked, 'li')).toBe(true)
  expect(mayDecide(agreed, 'li')).toBe(false)
  expect(mayRead(agreed, 'wang', 99)).toBe(true)
  expect(mayRead(agreed, 'li', 99)).toBe(false)
  expect(mayRead(agreed, 'wang', 100)).toBe(false)
  expect(mayRead({ ...agreed, refused: true }, 'wang', 99)).toBe(false)
})

const talk = {
  version: 1,
  code: 'K3PQ7Z',
  answers: { Q2: 5, Q1: null },
  questions: { Q2: '滿意嗎', Q1: '知道嗎' },
  notes: '低保名單沒有公示',
} as unknown as TalkDocument

async function sealed(text: string, key: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(key))
  return encrypter.encrypt(text)
}

test('a key file opens what is sealed to it, and says why when it does not', async () => {
  const [key, other] = [await generateX25519Identity(), await generateX25519Identity()]
  const bytes = await sealed(JSON.stringify(talk) + '   ', key)
  const opened = await openTalk(bytes, `# 2026 年批次\n${other}\n${key}\n`)
  expect(opened).toMatchObject({ kind: 'open', document: { notes: '低保名單沒有公示' } })
  expect(await openTalk(bytes, 'age1… 公鑰')).toEqual({ kind: 'no-key' })
  expect(await openTalk(bytes, other)).toEqual({ kind: 'wrong-key' })
  expect(await openTalk(await sealed('[]', key), key)).toEqual({ kind: 'broken' })
  expect(await openTalk(await sealed('不是', key), key)).toEqual({ kind: 'broken' })
  expect(keysIn(key)).toEqual([key])
})

test('answers stand beside what was asked, by code', () => {
  expect(answersOf(talk)).toEqual([
    { code: 'Q1', text: '知道嗎', answer: '' },
    { code: 'Q2', text: '滿意嗎', answer: '5' },
  ])
})
