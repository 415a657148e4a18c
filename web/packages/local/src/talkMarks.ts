/**
 * Marks that stay readable must not tell whose they are. The entries of a phone follow each
 * other: the interview of somebody drawn is next to the contact that names them. So marks
 * are held back, without a sign of the interview that they come from, until there are enough
 * of them. Then all are written in one entry, and which of these interviews a set of marks
 * is filed under is chance.
 *
 * They are held in small files outside of the database, which keeps what was overwritten:
 * each change writes a new file and then overwrites the one before. What of it is lost with
 * a phone is in the sealed interviews, too.
 */
import { copy, idBytes, naturalId, toHex, utf8, type Id, type Random } from '@sansuiji/protocol'

import { capture, type Saved, type Store } from './capture'
import type { Database } from './database'
import { text } from './row'
import { get, remove, set } from './state'
import type { Draft } from './talkDraft'
import type { TalkFiles } from './talkFiles'
import { markOf, type TalkQuestion } from './talkQuestions'
import { put } from './write'

/** So many interviews let their marks go while the visit goes on, and when it is over. */
export const enoughDuring = 5
export const enoughAfter = 3

/** A file's size is a multiple of this. Bytes. */
const padding = 4 << 10

/** The marks of one interview, by question; the tag says nothing but which set it is. */
interface MarkSet {
  readonly tag: string
  readonly marks: Readonly<Record<Id, number>>
}

/** Marks of a visit's interviews, of those drawn or of the others. */
interface Pool {
  readonly version: 1
  /** Of chance; says whether it was written already. */
  readonly id: string
  readonly visit: Id
  readonly drawn: boolean
  /** In the order of their ids. */
  readonly interviews: readonly Id[]
  /** In an order of chance. */
  readonly sets: readonly MarkSet[]
}

/** What holding marks needs. */
export interface MarkStore extends Store {
  readonly files: TalkFiles
}

/** Marks of an interview that is about to be sealed. */
export interface MarksInput {
  readonly interview: Id
  readonly draft: Draft
  readonly questions: readonly TalkQuestion[]
}

/** Holds the marks of an interview back. Doing it again changes what is held. */
export async function holdMarks(store: MarkStore, input: MarksInput): Promise<void> {
  const { draft, interview, questions } = input
  const { files, random } = store
  const marks = marksOf(draft, questions)
  const { visit } = draft
  const drawn = draft.key !== null
  const { pool, slot } = await readPool(files, stemOf(visit, drawn))
  const others = pool?.sets.filter(({ tag }) => tag !== draft.tag) ?? []
  const known = pool?.interviews.filter((id) => id !== interview) ?? []
  const has = Object.keys(marks).length > 0
  if (!has && !pool) return
  await writePool(files, slot, {
    ...{ version: 1, id: pool?.id ?? toHex(random(16)), visit, drawn },
    interviews: (has ? [...known, interview] : known).toSorted(),
    sets: shuffled(has ? [...others, { tag: draft.tag, marks }] : others, random),
  })
}

/** Forgets the marks of an interview that is thrown away. */
export async function forgetMarks(store: MarkStore, interview: Id, draft: Draft): Promise<void> {
  const none = { ...draft, form: { ...draft.form, answers: {} } }
  await holdMarks(store, { interview, draft: none, questions: [] })
}

function marksOf({ form }: Draft, questions: readonly TalkQuestion[]): Record<Id, number> {
  return Object.fromEntries(
    questions.flatMap((question) => {
      const value = markOf(question, form.answers[question.id])
      return value === null ? [] : [[question.id, value]]
    }),
  )
}

/** How many interviews' marks of a visit are held back. */
export async function marksHeld(files: TalkFiles, visit: Id): Promise<number> {
  const pools = await Promise.all(
    [true, false].map((drawn) => readPool(files, stemOf(visit, drawn))),
  )
  return pools.reduce((sum, { pool }) => sum + (pool?.sets.length ?? 0), 0)
}

/**
 * Writes all marks of which there are enough. Call it when an interview was sealed, when a
 * visit was left, and at each start.
 */
export async function releaseMarks(
  store: MarkStore,
  save: (work: () => Saved<Id>) => Promise<unknown>,
): Promise<void> {
  const { database, files } = store
  const stems = new Set((await files.names()).flatMap((name) => marksFile.exec(name)?.[1] ?? []))
  for (const stem of stems) {
    const { pool, slot } = await readPool(files, stem)
    if (!pool) continue
    const written = get(database, `marks:${pool.id}`) !== null
    if (!written && !isEnough(database, pool)) continue
    if (!written) await save(() => write(store, pool))
    await files.shred(`${stem}-${slot}.marks`)
    remove(database, `marks:${pool.id}`)
  }
}

function isEnough(database: Database, { visit, interviews, sets }: Pool): boolean {
  const status = database.row('SELECT status FROM visit WHERE id = ?', idBytes(visit))
  const over = status !== undefined && ['left', 'closed'].includes(text(status, 'status'))
  if (sets.length < (over ? enoughAfter : enoughDuring)) return false
  // One that is not sealed yet: a kill came between its marks and its row.
  const sealed = 'SELECT 1 FROM interview WHERE id = ? AND sealed IS NOT NULL'
  return interviews.every((id) => database.row(sealed, idBytes(id)))
}

/** The rows, and that they are written, in one transaction. */
function write(store: Store, { id, visit, interviews, sets }: Pool): Saved<Id> {
  return capture(store, (saving) => {
    const { database, random } = saving
    const under = shuffled(interviews, random)
    for (const [n, { marks }] of shuffled(sets, random).entries()) {
      const interview = under[n]
      if (interview === undefined) break
      for (const [question, value] of Object.entries(marks) as [Id, number][]) {
        put(saving, 'interview_score', naturalId('interview_score', interview, question), {
          interview_id: idBytes(interview),
          question_id: idBytes(question),
          value,
        })
      }
    }
    set(database, `marks:${id}`, 1)
    return visit
  })
}

/** A list in an order of chance (Fisher and Yates), each as likely as the others. */
function shuffled<T>(list: readonly T[], random: Random): T[] {
  const order = [...list]
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1, random)
    const [a, b] = [order[i], order[j]]
    order[i] = b as T
    order[j] = a as T
  }
  return order
}

/** A number from 0 up to a limit below 2³², without leaning to any. */
function below(limit: number, random: Random): number {
  const fair = 2 ** 32 - (2 ** 32 % limit)
  for (;;) {
    const value = new DataView(copy(random(4)).buffer).getUint32(0)
    if (value < fair) return value % limit
  }
}

/** The name of a pool's files: the visit, and whether chance chose the people. */
function stemOf(visit: Id, drawn: boolean): string {
  return `${toHex(idBytes(visit))}-${drawn ? 'd' : 'o'}`
}

const marksFile = /^([0-9a-f]{32}-[do])-(\d+)\.marks$/

/** The newest whole file of a pool, and its number; 0 where there is none. */
async function readPool(
  files: TalkFiles,
  stem: string,
): Promise<{ readonly pool: Pool | null; readonly slot: number }> {
  const slots = (await files.names())
    .flatMap((name) => {
      const [, of, slot] = marksFile.exec(name) ?? []
      return of === stem ? [Number(slot)] : []
    })
    .toSorted((a, b) => b - a)
  for (const slot of slots) {
    const pool = poolOf(await files.read(`${stem}-${slot}.marks`))
    if (pool) return { pool, slot }
  }
  return { pool: null, slot: slots[0] ?? 0 }
}

/** A file that a kill tore is no pool. */
function poolOf(bytes: Uint8Array | null): Pool | null {
  try {
    return JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as Pool
  } catch {
    return null
  }
}

async function writePool(files: TalkFiles, slot: number, pool: Pool): Promise<void> {
  const stem = stemOf(pool.visit, pool.drawn)
  const plain = utf8(JSON.stringify(pool))
  const bytes = new Uint8Array(Math.ceil(plain.length / padding) * padding).fill(0x20)
  bytes.set(plain)
  await files.write(`${stem}-${slot + 1}.marks`, bytes, 0)
  for (const name of await files.names()) {
    const [, of, number] = marksFile.exec(name) ?? []
    if (of === stem && Number(number) <= slot) await files.shred(name)
  }
}

/** A tag for a new interview's marks. */
export function newTag(random: Random): string {
  return toHex(random(16))
}
