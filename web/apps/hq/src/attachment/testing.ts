/** Attachments as the server tells of them. */
import type { Attachment } from '../api/types'

/** A photo that is there, with some of it other. */
export function attachmentOf(change: Partial<Attachment> = {}): Attachment {
  return {
    id: 'a1',
    visit: 'v1',
    unit: '柳溪村',
    subject_table: 'finding',
    subject: 'f1',
    kind: 'photo',
    hash: '1'.repeat(64),
    size: 240_000,
    media_type: 'image/jpeg',
    width: 1600,
    height: 1200,
    duration_ms: 0,
    source: 'camera',
    taken_at: Date.UTC(2026, 10, 20, 1, 30),
    caption: '',
    marks: '',
    inspector: '王敏',
    there: true,
    withdrawn: false,
    ...change,
  }
}
