/** Checks rows, sources, photos and draws against what is proved. */
import { compareBytes, idBytes, utf8 } from '@sansuiji/protocol'
import { say, sayProblem, verify, type Step as DrawStep } from '@sansuiji/draw'

import { readBytes } from './given'
import { cellOf, isProved, plain, rowKey, type Content, type Row, type Value } from './load'
import type { Manifest } from './manifest'
import type { Step } from './report'
import type { NewValues } from './changes'
import type { Trail } from './trail'

const kindInteger = 1
const kindText = 3
const kindBlob = 4
const kindNull = 5

export type Blobs = ReadonlyMap<string, Blob>

async function bytesOf(blobs: Blobs, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const blob = blobs.get(path)
  if (blob === undefined) throw new Error(`there is no ${path}`)
  return readBytes(blob, 0, blob.size)
}

/** Looks for each value in the entry that is said to have written it. */
export async function checkCells(
  { tables, rows }: Content,
  { byPosition }: Trail,
  blobs: Blobs,
  step: Step,
): Promise<void> {
  const counts = { proved: 0, withheld: 0, nobody: 0 }
  for (const row of tables.flatMap(({ rows }) => rows)) {
    for (const [i, at] of row.positions.entries()) {
      const entry = byPosition.get(at)
      if (at === 0) counts[row.values[i]?.kind === 'null' ? 'nobody' : 'withheld']++
      else if (entry === undefined) tellCell(step, row, i, at)
      else if (entry.entry === undefined) counts.withheld++
      else if (await wrote(entry.changes.get(keyOf(row)), row.values[i], i, blobs)) {
        row.proved[i] = true
        counts.proved++
      } else tellCell(step, row, i, at)
    }
  }
  const { proved, withheld, nobody } = counts
  const all = proved + withheld + nobody
  step.say(
    `${rows.size} 行、${all} 個欄目：${proved} 個值在所示條目中逐字查到；${withheld} 個值的條目只有摘要或未註明，不能在此查對；${nobody} 個從未填寫`,
    `${rows.size} rows, ${all} cells: ${proved} values stand word by word in the entries shown; of ${withheld} the entry is here as a hash only, or none is named, and they cannot be checked; ${nobody} were never filled in`,
  )
}

function keyOf(row: Row): string {
  return rowKey(row.table.name, row.id)
}

function tellCell(step: Step, row: Row, i: number, at: number): void {
  const { zh, en } = row.table.columns[i]?.label ?? { zh: '', en: '' }
  step.fault(
    `rows/${row.table.name}.json`,
    undefined,
    `行 ${row.id} 欄目「${zh}」：歷史第 ${at} 條寫的不是這個值`,
    `row ${row.id}, column ${en}: position ${at} wrote another value`,
  )
}

async function wrote(
  written: NewValues | undefined,
  value: Value | undefined,
  i: number,
  blobs: Blobs,
): Promise<boolean> {
  const found = written?.[1 + i]
  if (found === undefined || value === undefined) return false
  switch (value.kind) {
    case 'null':
      return found.kind === kindNull
    case 'integer':
      return found.kind === kindInteger && found.bits === BigInt.asUintN(64, value.integer)
    case 'text':
      return found.kind === kindText && compareBytes(found.bytes, utf8(value.text)) === 0
    case 'bytes':
      return found.kind === kindBlob && compareBytes(found.bytes, value.bytes) === 0
    case 'file':
      return (
        found.kind === kindBlob && compareBytes(found.bytes, await bytesOf(blobs, value.file)) === 0
      )
  }
}

/** Wants a row behind every number. */
export function checkSources({ sources, rows }: Content, step: Step): void {
  const counts = { single: 0, sums: 0, part: 0, hidden: 0 }
  for (const [i, one] of sources.entries()) {
    const { number, id, table, withheld } = one
    if (number !== i + 1) {
      const said = ['不連續', 'does not follow the one before'] as const
      step.fault(
        'sources.json',
        undefined,
        `編號 ${number} ${said[0]}`,
        `number ${number} ${said[1]}`,
      )
      continue
    }
    const kind = id !== undefined ? 'single' : one.rows.length === one.count ? 'sums' : 'part'
    counts[withheld ? 'hidden' : kind]++
    if (withheld) continue
    for (const row of id === undefined ? one.rows : [id]) {
      if (rows.has(rowKey(table, row))) continue
      step.fault(
        'sources.json',
        undefined,
        `編號 ${number} 所指的行 ${row} 不在文件中`,
        `number ${number}: row ${row} is not in the file`,
      )
    }
  }
  const { single, sums, part, hidden } = counts
  step.say(
    `${sources.length} 個編號：${single} 個指一行數據，${sums} 個為匯總且所計各行都在文件中，${part} 個匯總的各行未全附；${hidden} 個按規定不附數據（密封的抽取、訪談、票箱）`,
    `${sources.length} numbers: ${single} stand for a row; ${sums} for a sum of rows that are all here, ${part} for one of rows that are not; the data of ${hidden} is not given (sealed draws, interviews, ballot boxes)`,
  )
}

/** Wants photos to be those that rows name. */
export function checkPhotos(
  { photos, rows }: Content,
  { members }: Manifest,
  blobs: Blobs,
  step: Step,
): void {
  const counts = { there: 0, proved: 0, phone: 0, damaged: 0 }
  for (const { attachment, subject, hash, path, missing } of photos) {
    const row = rows.get(rowKey('attachment', attachment))
    const named = row && cellOf(row, 'subject_id')
    const isIts =
      plain(row && cellOf(row, 'hash')) === hash &&
      named?.kind === 'bytes' &&
      compareBytes(named.bytes, idBytes(subject)) === 0
    if (row === undefined || !isIts) {
      const zh = `照片 ${hash} 與行 ${attachment} 不符`
      step.fault('photos.json', undefined, zh, `photo ${hash} is not that of row ${attachment}`)
    } else if (path === undefined) {
      counts[missing === 'phone' ? 'phone' : 'damaged']++
    } else if (!blobs.has(path) || !path.startsWith(`photos/${hash}`)) {
      step.fault('photos.json', undefined, `照片文件 ${path} 不在`, `there is no photo ${path}`)
    } else {
      counts.there++
      if (isProved(row, 'hash')) counts.proved++
    }
  }
  for (const { path, sha256 } of members) {
    if (!path.startsWith('photos/') || path.startsWith(`photos/${sha256}.`)) continue
    step.fault(path, undefined, '不是以內容的摘要命名', 'it is not named by the hash of its bytes')
  }
  const { there, proved, phone, damaged } = counts
  step.say(
    `${there} 張在文件中，其中 ${proved} 張的摘要由所附條目寫明；${phone} 張尚未傳到總部（仍在手機上），${damaged} 張在總部的文件已損壞`,
    `${there} are here, and of ${proved} an entry in the file names the hash; ${phone} have not arrived (phones have them still); headquarters’ files of ${damaged} are damaged`,
  )
}

/** Draws again what the file has of draws. */
export async function checkDraws(
  { tables }: Content,
  blobs: Blobs,
  step: Step,
  pause: () => Promise<void>,
): Promise<void> {
  const draws = tables.find(({ name }) => name === 'draw')?.rows ?? []
  if (draws.length === 0) {
    step.say('報告沒有引用已公開的抽取', 'The report names no open draw')
    return
  }
  const log = await bytesOf(blobs, 'draws/log.jsonl')
  for (const row of draws) {
    await pause()
    await redraw(row, log, blobs, step)
  }
}

async function redraw(row: Row, log: Uint8Array, blobs: Blobs, step: Step): Promise<void> {
  const [path, framePath] = [fileOf(row, 'ceremony'), fileOf(row, 'frame')]
  const [certificate, frame] = [await bytesOf(blobs, path), await bytesOf(blobs, framePath)]
  const found = verify({ certificate, frame, log: hasLine(log, certificate) ? log : undefined })
  switch (found.result) {
    case 'holds':
      step.say(
        `${path}：從頭重算，結果相同；憑證摘要 ${found.hash}`,
        `${path}: drawn again from the beginning, with the same outcome; hash of the certificate ${found.hash}`,
      )
      return
    case 'unknown':
      if (step.result === 'holds') step.result = 'unknown'
      step.say(`${path}：憑現有文件不能下結論`, `${path}: what is here does not suffice to decide`)
      return
    case 'fails':
      step.fault(path, undefined, problemOf('zh', found.steps), problemOf('en', found.steps))
  }
}

function problemOf(language: 'zh' | 'en', steps: readonly DrawStep[]): string {
  const problem = steps.find((step) => step.problem !== undefined)?.problem
  return problem ? sayProblem(language, problem) : say(language, 'fails')
}

function fileOf(row: Row, column: string): string {
  const value = cellOf(row, column)
  return value?.kind === 'file' ? value.file : ''
}

/** Whether a text has another as one of its lines. */
function hasLine(log: Uint8Array, line: Uint8Array): boolean {
  const [lines, one] = [log, line].map((bytes) => new TextDecoder().decode(bytes))
  return (lines ?? '').split('\n').includes(one ?? '')
}
