/** What survey packages need to know of a draw. */
import { utf8 } from '@sansuiji/protocol'

import { standingOf } from './amend'
import type { Certificate } from './certificate'
import { rowText } from './csv'

/**
 * A table (CSV) of the units that are to be visited: stratum, its units (fpc) and how
 * many are drawn, the probability of being drawn and its reciprocal, each cut off after
 * six decimal places. A unit from the reserve has the probability of its stratum, or of
 * its own size, as drawn.
 */
export function weightsFile(certificate: Certificate): Uint8Array {
  const { allocation, amendments, drawn } = certificate
  const allotted = new Map(allocation.map((one) => [one.stratum, one]))
  const replaced = new Map(amendments.map((one) => [one.in, one]))
  const standing = standingOf(certificate)
  const visited = drawn.filter(({ id }) => standing.visits(id))
  const rows = visited.map(({ id, stratum, probability, weight }) => {
    const [a, r] = [allotted.get(stratum), replaced.get(id)]
    const numbers = [String(a?.units ?? 0), String(a?.n ?? 0), probability, weight]
    return rowText([id, stratum, ...numbers, r?.out ?? '', r?.reason ?? ''])
  })
  return utf8(rowText(header) + rows.join(''))
}

const header = ['id', 'stratum', 'units', 'drawn', 'probability', 'weight', 'replaces', 'reason']
