/** What somebody writes about an entry, kept by the browser's tab until it is sent. */
import type { ActKind, Shown } from '../../api/types'

export interface ActDraft {
  readonly text: string
  readonly visit: string
  readonly shown: readonly Shown[]
  /** Whether its dialog is open: after a reload it opens again. */
  readonly open: boolean
}

/** An entry, and what somebody does with it. */
export interface Doing {
  readonly entry: string
  readonly kind: ActKind
}

const nameOf = ({ entry, kind }: Doing): string => `hq.act.${entry}.${kind}`

/** What was kept, if there is anything. */
export function readDraft(store: Storage, of: Doing): ActDraft | undefined {
  try {
    const kept: unknown = JSON.parse(store.getItem(nameOf(of)) ?? 'null')
    return isDraft(kept) ? kept : undefined
  } catch {
    return undefined
  }
}

function isDraft(kept: unknown): kept is ActDraft {
  if (typeof kept !== 'object' || kept === null) return false
  const { text, visit, shown, open } = kept as Partial<Record<keyof ActDraft, unknown>>
  const texts = [text, visit].every((one) => typeof one === 'string')
  return texts && Array.isArray(shown) && typeof open === 'boolean'
}

export function keepDraft(store: Storage, of: Doing, draft: ActDraft): void {
  try {
    store.setItem(nameOf(of), JSON.stringify(draft))
  } catch {
    // A full or forbidden store only costs the comfort.
  }
}

export function dropDraft(store: Storage, of: Doing): void {
  store.removeItem(nameOf(of))
}
