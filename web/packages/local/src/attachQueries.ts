/** What the screens read of photos. */
import { idBytes, toHex, type Id } from '@sansuiji/protocol'

import type { FailedPhoto, PhotoView, VoiceView } from './attachViews'
import type { Database, Row } from './database'
import { unsentRows } from './described'
import { previewName } from './photo'
import type { PhotoFiles } from './photoFiles'
import { readMarks } from './photoMarks'
import { bytes, id, integer, maybeInteger, maybeText, text } from './row'
import { byteStates, type ByteState } from './uploadState'

const attachmentList = `
  SELECT a.*, i.name AS inspector, u.name AS unit
  FROM attachment a
    LEFT JOIN inspector i ON i.id = a.inspector_id
    LEFT JOIN visit v ON v.id = a.visit_id LEFT JOIN unit u ON u.id = v.unit_id
  WHERE `

const order = ' ORDER BY a.withdrawn_at IS NOT NULL, a.taken_at, a.id'

/** What is known beside the rows. */
interface Known {
  readonly files: PhotoFiles
  readonly states: ReadonlyMap<string, ByteState>
  readonly unsent: ReadonlySet<Id>
}

/** The photos of a visit, whatever they are about. */
export function photosOfVisit(
  database: Database,
  files: PhotoFiles,
  visit: Id,
): readonly PhotoView[] {
  return read(database, files, `a.kind = 'photo' AND a.visit_id = ?`, idBytes(visit))
}

/** The pages of registers that were photographed in a visit. */
export function pagesOfVisit(
  database: Database,
  files: PhotoFiles,
  visit: Id,
): readonly PhotoView[] {
  return read(database, files, `a.kind = 'page' AND a.visit_id = ?`, idBytes(visit))
}

/** The photos of one row. */
export function photosOf(database: Database, files: PhotoFiles, subject: Id): readonly PhotoView[] {
  return read(database, files, `a.kind = 'photo' AND a.subject_id = ?`, idBytes(subject))
}

/** The voice notes of one row. */
export function voicesOf(database: Database, files: PhotoFiles, subject: Id): readonly VoiceView[] {
  const where = `a.kind = 'sound' AND a.subject_id = ?`
  const rows = database.rows(attachmentList + where + order, idBytes(subject))
  if (rows.length === 0) return []
  const known = { files, states: byteStates(database), unsent: unsentRows(database) }
  return rows.map((row) => voiceView(row, known))
}

function voiceView(row: Row, { files, states, unsent }: Known): VoiceView {
  const hash = toHex(bytes(row, 'hash'))
  return {
    id: id(row, 'id'),
    hash,
    size: integer(row, 'size'),
    mediaType: text(row, 'media_type'),
    durationMs: maybeInteger(row, 'duration_ms') ?? 0,
    takenAt: integer(row, 'taken_at'),
    caption: maybeText(row, 'caption') ?? '',
    inspector: maybeText(row, 'inspector'),
    withdrawnAt: maybeInteger(row, 'withdrawn_at'),
    withdrawnReason: maybeText(row, 'withdrawn_reason'),
    here: files.sizeOf(hash) !== undefined,
    there: states.get(hash)?.there === true,
    unsent: unsent.has(id(row, 'id')),
  }
}

function read(
  database: Database,
  files: PhotoFiles,
  where: string,
  value: Uint8Array,
): readonly PhotoView[] {
  const rows = database.rows(attachmentList + where + order, value)
  if (rows.length === 0) return []
  const known = { files, states: byteStates(database), unsent: unsentRows(database) }
  return rows.map((row) => photoView(row, known))
}

function photoView(row: Row, { files, states, unsent }: Known): PhotoView {
  const hash = toHex(bytes(row, 'hash'))
  const source = maybeText(row, 'source')
  return {
    id: id(row, 'id'),
    visit: id(row, 'visit_id'),
    table: text(row, 'subject_table'),
    subject: id(row, 'subject_id'),
    hash,
    size: integer(row, 'size'),
    width: maybeInteger(row, 'width') ?? 0,
    height: maybeInteger(row, 'height') ?? 0,
    source: source === 'camera' || source === 'gallery' ? source : null,
    takenAt: integer(row, 'taken_at'),
    caption: maybeText(row, 'caption') ?? '',
    marks: readMarks(maybeText(row, 'marks')),
    inspector: maybeText(row, 'inspector'),
    unit: maybeText(row, 'unit'),
    latitudeE7: maybeInteger(row, 'latitude_e7'),
    longitudeE7: maybeInteger(row, 'longitude_e7'),
    accuracyM: maybeInteger(row, 'accuracy_m'),
    withdrawnAt: maybeInteger(row, 'withdrawn_at'),
    withdrawnReason: maybeText(row, 'withdrawn_reason'),
    here: files.sizeOf(hash) !== undefined,
    previewed: files.sizeOf(previewName(hash)) !== undefined,
    there: states.get(hash)?.there === true,
    unsent: unsent.has(id(row, 'id')),
  }
}

const namedBy = `
  SELECT a.caption, u.name AS unit FROM attachment a
    LEFT JOIN visit v ON v.id = a.visit_id LEFT JOIN unit u ON u.id = v.unit_id
  WHERE a.hash = ? LIMIT 1`

/** A photo that could not be sent, for people. */
export function failedPhoto(
  database: Database,
  hash: Uint8Array,
  failure: FailedPhoto['failure'],
): FailedPhoto {
  const row = database.row(namedBy, hash)
  return {
    hash: toHex(hash),
    unit: row ? maybeText(row, 'unit') : null,
    caption: (row && maybeText(row, 'caption')) ?? '',
    failure,
  }
}
