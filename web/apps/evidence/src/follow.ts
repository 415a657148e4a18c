/** Follows a row to what it rests on. */
import { readCertificate } from '@sansuiji/draw'

import type { Checked } from './check'
import { readBytes } from './given'
import { cellOf, plain, rowKey, type Content, type Photo, type Row } from './load'
import type { Proved } from './trail'

/** Where a unit came in a draw. */
export interface Drawn {
  readonly draw: string
  /** The unit's code. */
  readonly unit: string
  readonly stratum: string
  readonly rank: number
  readonly reserve: number
}

/** What a row rests on. */
export interface Followed {
  /** The unit, the visit and so on that it names, nearest first. */
  readonly around: readonly Row[]
  readonly photos: readonly Photo[]
  readonly decisions: readonly Row[]
  readonly entries: readonly Proved[]
  /** Where its unit came in the draws; of a draw, all that were drawn. */
  readonly drawn: readonly Drawn[]
}

/** Follows a row. */
export async function follow(checked: Checked, row: Row): Promise<Followed> {
  const { content, trail } = checked
  if (content === undefined || trail === undefined) throw new Error('follow: nothing was read')
  const around = namedBy(content, row)
  const unit = [row, ...around].find(({ table }) => table.name === 'unit')
  const positions = [...new Set(row.positions)].filter((at) => at > 0).sort((a, b) => a - b)
  const entries = positions.map((at) => trail.byPosition.get(at))
  return {
    around,
    photos: photosOf(content, row),
    decisions: decisionsOn(content, row),
    entries: entries.filter((one) => one !== undefined),
    drawn: await drawnFor(checked, content, row, unit),
  }
}

/** The rows that a row names, and those that these name. */
function namedBy(content: Content, row: Row, seen = new Set<string>()): readonly Row[] {
  const found: Row[] = []
  for (const [i, { name }] of row.table.columns.entries()) {
    const value = row.values[i]
    if (!name.endsWith('_id') || value?.kind !== 'bytes') continue
    const key = rowKey(name.slice(0, -'_id'.length), value.text)
    const named = content.rows.get(key)
    if (named === undefined || seen.has(key)) continue
    seen.add(key)
    found.push(named)
  }
  return [...found, ...found.flatMap((one) => namedBy(content, one, seen))]
}

function photosOf({ photos }: Content, row: Row): readonly Photo[] {
  const signature = plain(cellOf(row, 'attachment_id'))
  return photos.filter(
    ({ subject, attachment }) =>
      subject === row.id || attachment === signature || attachment === row.id,
  )
}

function decisionsOn({ tables }: Content, row: Row): readonly Row[] {
  const reviews = tables.find(({ name }) => name === 'review')?.rows ?? []
  return reviews.filter((one) => plain(cellOf(one, 'subject_id')) === row.id)
}

async function drawnFor(
  { blobs }: Checked,
  { tables }: Content,
  row: Row,
  unit: Row | undefined,
): Promise<readonly Drawn[]> {
  if (row.table.name === 'draw') return drawnIn(blobs, row)
  if (unit === undefined) return []
  const draws = tables.find(({ name }) => name === 'draw')?.rows ?? []
  const all = await Promise.all(draws.map((draw) => drawnIn(blobs, draw)))
  const code = plain(cellOf(unit, 'code'))
  return all.flat().filter((one) => one.unit === code)
}

/** All that a draw drew, as its certificate says. */
async function drawnIn(blobs: Checked['blobs'], row: Row): Promise<readonly Drawn[]> {
  const file = cellOf(row, 'ceremony')
  const blob = file?.kind === 'file' ? blobs.get(file.file) : undefined
  if (file?.kind !== 'file' || blob === undefined) return []
  const draw = file.file.split('/').slice(0, 2).join('/')
  const { drawn } = readCertificate(await readBytes(blob, 0, blob.size))
  return drawn.map(({ id, stratum, rank, reserve }) => ({ draw, unit: id, stratum, rank, reserve }))
}
