/** What the cells of a file rest on, in numbers. */
import { fromHex, join, type Id } from '@sansuiji/protocol'

import type { Content } from './load'
import type { Label, Result } from './report'
import { moment } from './show'
import { textFor, type Code } from './texts'
import { headquarters, type Trail } from './trail'

/** Cells that have a value, by what they rest on. */
export interface Share {
  /** Entries here that devices signed. */
  readonly device: number
  /** Entries of headquarters' own that are here. */
  readonly office: number
  /** Entries here whose device's signature cannot be checked here. */
  readonly accepted: number
  /** Entries of headquarters' own that are here as hashes. */
  readonly import: number
  /** Entries of devices that are here as hashes. */
  readonly withheld: number
  /** No entry is named. */
  readonly unnamed: number
  /** Days when headquarters took in the entries of `import`, first to last. */
  readonly days: readonly [from: string, to: string]
}

const kinds = ['device', 'office', 'accepted', 'import', 'withheld', 'unnamed'] as const

/** Counts, once entries and signatures are checked; what an entry contradicts is told as a fault. */
export function shareOf({ rows }: Content, { byPosition }: Trail, key: Uint8Array): Share {
  const counts = { device: 0, office: 0, accepted: 0, import: 0, withheld: 0, unnamed: 0 }
  const hq = headquartersOf(key)
  const days: string[] = []
  for (const row of rows.values()) {
    for (const [i, at] of row.positions.entries()) {
      const one = byPosition.get(at)
      if (at === 0) counts.unnamed += row.values[i]?.kind === 'null' ? 0 : 1
      else if (one === undefined || (one.entry !== undefined && !row.proved[i])) continue
      else if (one.entry === undefined && one.line.device === hq) {
        counts.import++
        days.push(moment(one.line.receivedAt).slice(0, 'YYYY-MM-DD'.length))
      } else if (one.entry === undefined) counts.withheld++
      else if (one.line.device === hq) counts.office++
      else counts[one.signed ? 'device' : 'accepted']++
    }
  }
  days.sort()
  return { ...counts, days: [days[0] ?? '', days.at(-1) ?? ''] }
}

/** What comes before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const ed25519Prefix = fromHex('302a300506032b6570032100')

function headquartersOf(key: Uint8Array): Id {
  return headquarters(join(ed25519Prefix, key))
}

/** Says the share. */
export function shareText(share: Share): Label {
  const [from, to] = share.days
  const dates = from === to ? { zh: from, en: from } : textFor('dates', { from, to })
  const told = kinds.filter((kind) => kind === 'device' || share[kind] > 0)
  const total = grouped(totalOf(share))
  const said = (language: keyof Label): string => {
    const parts = told.map((kind) => {
      const values = { count: grouped(share[kind]), dates: dates[language] }
      return textFor(`share-${kind}`, values)[language]
    })
    return textFor('share', { total, parts: parts.join(textFor('share-joint')[language]) })[
      language
    ]
  }
  return { zh: said('zh'), en: said('en') }
}

function totalOf(share: Share): number {
  return kinds.reduce((sum, kind) => sum + share[kind], 0)
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** What a check came to: the word for it, what it means, and what the cells rest on. */
export function verdictOf(
  result: Result,
  share: Share | undefined,
): { readonly word: Label; readonly said: readonly Label[] } {
  const lead: Code = `${result}-lead`
  if (share === undefined || result === 'fails') {
    return { word: textFor(result), said: [textFor(lead)] }
  }
  const { accepted, withheld, unnamed } = share
  const trusted = accepted + share.import + withheld + unnamed
  const partly = 2 * trusted > totalOf(share) ? 'holds-mostly' : 'holds-partly'
  return {
    word: textFor(result === 'holds' && trusted > 0 ? partly : result),
    said: [textFor(lead), shareText(share)],
  }
}
