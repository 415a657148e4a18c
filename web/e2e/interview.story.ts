/**
 * A phone that interviewed people tells nothing of it to whoever has its disk: a thousand
 * words that nobody else uses are typed into interviews, and none of them is in the
 * browser's folder, neither while an interview is half done nor after it was sealed, however
 * the browser ended. Headquarters' key opens all of them.
 */
import { createHash } from 'node:crypto'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { canaries, filesWith, folderSize, sightings } from './canary'
import { enrol, go, openFindings, phoneSize, sync } from './field'
import { deskSize } from './hq'
import {
  answerAll,
  begin,
  kept,
  keysOnDisk,
  opened,
  openInterviews,
  openedSound,
  seal,
  speakAtLength,
  startSealing,
  type Told,
} from './interviewing'
import { Server, type Ready } from './server'
import { stopAt, stopped, type StopName } from './stops'
import { openedByTwo } from './unsealing'
import { typedIsKept } from './visiting'

const microphone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

let server: Server
let ready: Ready
const phone = new Profile(phoneSize, microphone)
const desk = new Profile(deskSize)

/** In a finding that is being written, which is not sealed: what is kept in clear is found. */
const control = canaries(3)
/** In a field that the browser may remember by itself: what it remembers is found. */
const remembered = canaries(1)
const perInterview = 200
const secrets = Array.from({ length: 6 }, () => canaries(perInterview))
/** Spoken, in an interview whose sound is long. */
const spoken = canaries(1)
const all = [...secrets.flat(), ...spoken]

function toldOf(words: readonly string[]): Told {
  return {
    words: [`她說：${words.slice(0, 90).join('，')}。`, words.slice(90, 180).join('\n')],
    notes: words.slice(180, 198).join(' '),
    name: words.slice(198).join('·'),
  }
}

function seen(wanted: readonly string[]): Record<string, readonly string[]> {
  const found = sightings(phone.folder, wanted)
  return Object.fromEntries([...found].map(([word, files]) => [word, [...files]]))
}

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await desk.remove()
  await phone.remove()
  await server.remove()
})

test('a disk tells nothing of interviews, half done or sealed; headquarters reads them all', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-interview').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  let page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await writeControl(page)
  await openInterviews(page)
  await begin(page, 'given')
  await answerAll(page, toldOf(secrets[0] ?? []))
  const [key] = await keysOnDisk(page)
  expect(key).toHaveLength(32)

  await phone.kill()
  expect(Object.keys(seen(control)), 'what is kept in clear is found').toEqual(control)
  expect(Object.values(seen(remembered)).flat().join(), 'and what Chromium keeps').toMatch(
    /Sessions/,
  )
  expect(filesWith(phone.folder, key ?? new Uint8Array(1)).length, 'its key').toBeGreaterThan(0)
  expect(seen(all), 'half done, killed').toEqual({})

  page = await phone.open(ready.field)
  await openInterviews(page)
  await page.getByTestId('interview-resume').click()
  await expectTold(page, toldOf(secrets[0] ?? []))
  await phone.close()
  expect(seen(all), 'half done, closed').toEqual({})

  page = await phone.open(ready.field)
  await openInterviews(page)
  await page.getByTestId('interview-resume').click()
  await seal(page)
  await interviewTwoMore(page)
  await phone.close()
  expect(seen(all), 'sealed, closed').toEqual({})
  expect(filesWith(phone.folder, key ?? new Uint8Array(1)), 'its key is gone').toEqual([])

  page = await phone.open(ready.field)
  await openInterviews(page)
  await interviewThrownAway(page, secrets[3] ?? [])
  await begin(page, 'no-sound')
  await answerAll(page, toldOf(secrets[4] ?? []))
  await seal(page)
  await phone.kill()
  expect(seen(all), 'sealed, killed').toEqual({})
  expect(Object.keys(seen(control))).toEqual(control)
  process.stdout.write(
    `${all.length} canaries, 0 of them in ${folderSize(phone.folder)} bytes of the profile\n`,
  )

  page = await phone.open(ready.field)
  await sync(page)
  await headquartersReads([0, 1, 2, 4])
  await openInterviews(page)
  await begin(page, 'given')
  await speakAtLength(page, spoken[0] ?? '', 20)
  await answerAll(page, toldOf(secrets[5] ?? []))
  await seal(page)
  await phone.close()
  expect(seen(all), 'long sound, sealed, closed').toEqual({})

  page = await phone.open(ready.field)
  await sync(page)
  await expect.poll(() => unsentBytes(page), { timeout: 60_000 }).toBe(0)
  await headquartersReads([0, 1, 2, 4, 5])
  await headquartersHears()
  await twoPeopleRead()
  expect(sightings(server.data, all), 'headquarters has no word in clear').toEqual(new Map())
  expect(phone.complaints).toEqual([])
})

/** Writes half a finding, which is kept as it is. */
async function writeControl(page: Page): Promise<void> {
  await openFindings(page)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill(control[0] ?? '')
  await page.getByTestId('finding-detail').fill(control.slice(1).join('，'))
  await typedIsKept(page)
  await page.evaluate(() => {
    document.body.append(document.createElement('textarea'))
  })
  await page.locator('body > textarea').fill(remembered.join())
  await go(page, '#/')
  await page.waitForTimeout(1000)
  await page.locator('body > textarea').evaluate((field) => {
    field.remove()
  })
}

/** What was kept is all there after a kill. */
async function expectTold(page: Page, { words, name, notes }: Told): Promise<void> {
  await expect.poll(async () => page.getByTestId('interview-notes').inputValue()).toBe(notes)
  expect(await page.getByTestId('interview-name').inputValue()).toBe(name)
  await page.getByTestId('question-previous').click()
  expect(await page.getByTestId('question-words').inputValue()).toBe(words[1])
  await page.getByTestId('question-next').click()
  await kept(page)
}

/** One with sound, one whose words come key by key, with a look at other screens between. */
async function interviewTwoMore(page: Page): Promise<void> {
  await begin(page, 'given')
  await page.getByTestId('sound-toggle').click()
  await page.waitForTimeout(5000)
  await answerAll(page, toldOf(secrets[1] ?? []))
  await seal(page)

  await begin(page, 'no-sound')
  const told = toldOf(secrets[2] ?? [])
  await answerAll(page, { ...told, notes: '' })
  await page.getByTestId('interview-notes').pressSequentially(told.notes)
  await kept(page)
  await go(page, '#/sync')
  await page.getByTestId('sync-now').waitFor()
  await page.reload()
  await openInterviews(page)
  await page.getByTestId('interview-resume').click()
  await expectTold(page, told)
  await seal(page)
}

async function interviewThrownAway(page: Page, words: readonly string[]): Promise<void> {
  await begin(page, 'no-sound')
  await answerAll(page, toldOf(words))
  await page.getByTestId('back').click()
  await page.getByTestId('interview-discard').click()
  await page.getByTestId('discard-first').click()
  await page.getByTestId('discard-confirm').click()
  await page.getByTestId('interview-open').waitFor({ state: 'detached' })
  expect(await keysOnDisk(page)).toEqual([])
  await page.getByTestId('discard-sheet').waitFor({ state: 'detached' })
}

/** How many attachments' bytes wait on the phone. */
async function unsentBytes(page: Page): Promise<number> {
  return Number(await page.getByTestId('photos-waiting').getAttribute('data-count'))
}

/** The long sound came as a file of its own; with the key, it is what was spoken. */
async function headquartersHears(): Promise<void> {
  const talks = await opened(server.data, server.backup('sound.db'))
  const { sound } = JSON.parse(talks.at(-1)?.document ?? '{}') as {
    readonly sound: readonly { readonly sha256: string; readonly file: string }[]
  }
  const [one] = sound
  const heard = await openedSound(server.data, ready.campaign_id, one?.file ?? '')
  expect(createHash('sha256').update(heard).digest('hex')).toBe(one?.sha256)
  expect(heard.length).toBe(20 << 20)
  expect(heard.includes(spoken[0] ?? '')).toBe(true)
}

/** At the console two people open one together, and it says what was told, and by whom. */
async function twoPeopleRead(): Promise<void> {
  const talks = await opened(server.data, server.backup('two.db'))
  const { code, notes, name } = JSON.parse(talks[0]?.document ?? '{}') as Record<
    'code' | 'notes' | 'name',
    string
  >
  const text = await openedByTwo(desk, ready, server.data, code)
  expect(text).toContain(notes)
  expect(text).toContain(name)
  await desk.close()
  expect(desk.complaints).toEqual([])
}

/** Opens what came to headquarters: every word of the interviews that were sealed. */
async function headquartersReads(which: readonly number[]): Promise<void> {
  const talks = await opened(server.data, server.backup(`copy${String(which.length)}.db`))
  expect(talks).toHaveLength(which.length)
  for (const [n, of] of which.entries()) {
    const talk = talks[n]
    const words = secrets[of] ?? []
    expect(words.filter((word) => !talk?.document.includes(word))).toEqual([])
    const held = which.length < 5
    expect(talk?.scores, 'marks wait until there are five').toEqual(held ? [] : [2, 4])
  }
  const withSound = JSON.parse(talks[1]?.document ?? '{}') as {
    readonly answers: object
    readonly sound: readonly { readonly base64: string; readonly size: number }[]
  }
  expect(withSound.answers).toMatchObject({ I01: 4, I02: 2, I03: 'no' })
  const sound = Buffer.from(withSound.sound[0]?.base64 ?? '', 'base64')
  expect(sound.length).toBe(withSound.sound[0]?.size)
  expect(sound.subarray(0, 4).toString('hex'), 'WebM begins so').toBe('1a45dfa3')
  expect(sound.includes('OpusHead')).toBe(true)
  expect(filesWith(phone.folder, Buffer.from('OpusHead'))).toEqual([])
}

test('wherever the app is killed, nothing kept is lost and nothing readable stays', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-interview-kill').catch(() => undefined)
  })
  let page = phone.page
  if (!page) throw new Error('the first story failed')
  const list = await openInterviews(page)
  const before = await page.getByTestId('interview-item').count()
  const words = canaries(400)

  await begin(page, 'no-sound')
  await answerAll(page, toldOf(words.slice(0, 200)))
  await page.getByTestId('interview-notes').pressSequentially(words.slice(200, 204).join(' '))
  await phone.kill()
  expect(seen(words), 'killed while typing').toEqual({})

  page = await phone.open(ready.field)
  await go(page, list)
  await page.getByTestId('interview-resume').click()
  await page.getByTestId('interview-last').waitFor()
  const notes = await page.getByTestId('interview-notes').inputValue()
  expect(notes.startsWith(toldOf(words).notes), 'what was kept is there').toBe(true)

  await killWhileSealing(page, 'sealing, nothing opened')
  expect(seen(words)).toEqual({})
  page = await phone.open(ready.field)
  await go(page, list)
  await page.getByTestId('interview-resume').click()
  await expect.poll(async () => page?.getByTestId('interview-notes').inputValue()).toBe(notes)

  for (const [n, point] of (
    ['sealing, key not overwritten', 'sealing, key not removed'] as const
  ).entries()) {
    if (n > 0) {
      await begin(page, 'no-sound')
      await answerAll(page, toldOf(words.slice(200)))
    }
    const [key] = await keysOnDisk(page)
    await killWhileSealing(page, point)
    expect(seen(words), point).toEqual({})
    page = await phone.open(ready.field)
    await go(page, list)
    await expect.poll(async () => page?.getByTestId('interview-item').count()).toBe(before + n + 1)
    expect(await page.getByTestId('interview-open').count(), point).toBe(0)
    await expect.poll(async () => page && keysOnDisk(page)).toEqual([])
    await phone.close()
    expect(filesWith(phone.folder, key ?? new Uint8Array(1)), `${point}: the key`).toEqual([])
    page = await phone.open(ready.field)
    await go(page, list)
  }
  await sync(page)
  const talks = await opened(server.data, server.backup('later.db'))
  const documents = talks.map((one) => one.document)
  const marks = talks.map(({ scores }) => scores.join()).filter(Boolean)
  expect(marks.length).toBeGreaterThanOrEqual(5)
  expect(new Set(marks)).toEqual(new Set(['2,4']))
  const lost = words.filter((word) => !documents.some((one) => one.includes(word)))
  expect(lost).toEqual([])
})

async function killWhileSealing(page: Page, point: StopName): Promise<void> {
  await stopAt(page, point)
  await stopped(page, () => startSealing(page))
  await phone.kill()
}
