/** Replacements of units that cannot be visited. */
import type { Hash } from './bytes'
import { compareText } from './bytes'
import {
  amendmentHash,
  certificateHash,
  headOf,
  type Amendment,
  type Certificate,
} from './certificate'
import { refusal } from './problem'
import { parseTime } from './time'

/** Reasons for which a unit is replaced. */
export const reasons = ['dissolved', 'disaster', 'inaccessible', 'merged', 'unreachable']

/** The role whose people do not approve replacements. */
const leaderRole = 'leader'

/** Appends a replacement. Who is in, and the link, follow from the certificate. */
export function amend(
  certificate: Certificate,
  replacement: Omit<Amendment, 'in' | 'previous'>,
): Certificate {
  if (certificate.status === 'void') throw refusal('amendment-void')
  const standing = standingOf(certificate)
  const amendment: Amendment = {
    ...replacement,
    in: standing.next(replacement.stratum),
    previous: headOf(certificate),
  }
  standing.take(amendment)
  return { ...certificate, amendments: [...certificate.amendments, amendment] }
}

/** Who is to be visited after all amendments. */
export function standingOf(certificate: Certificate): Standing {
  const standing = new Standing(certificate)
  for (const amendment of certificate.amendments) standing.apply(amendment)
  return standing
}

/** Who is to be visited, and who is next in reserve: at first as they were drawn. */
export class Standing {
  readonly #certificate: Certificate
  /** Stratum by id. */
  readonly #visited = new Map<string, string>()
  readonly #reserve = new Map<string, readonly string[]>()
  #last: Hash
  #at: string

  constructor(certificate: Certificate) {
    this.#certificate = certificate
    this.#last = certificateHash(certificate)
    this.#at = certificate.thrown_at ?? ''
    for (const { id, stratum, reserve } of certificate.drawn) {
      if (reserve === 0) this.#visited.set(id, stratum)
      else this.#reserve.set(stratum, [...this.#reserveOf(stratum), id])
    }
  }

  #reserveOf(stratum: string): readonly string[] {
    return this.#reserve.get(stratum) ?? []
  }

  /** Whether a unit is to be visited. */
  visits(id: string): boolean {
    return this.#visited.has(id)
  }

  /** Who is next in the reserve of a stratum. */
  next(stratum: string): string {
    const [first] = this.#reserveOf(stratum)
    if (first === undefined) throw refusal('amendment-reserve', stratum)
    return first
  }

  /** Checks an amendment and makes it. */
  take(a: Amendment): void {
    const stratum = this.#visited.get(a.out) ?? ''
    if (stratum === '' || stratum !== a.stratum) throw refusal('amendment-out', a.out, a.stratum)
    const next = this.next(a.stratum)
    if (a.in !== next) throw refusal('amendment-in', a.in, a.stratum, next)
    if (!reasons.includes(a.reason)) {
      throw refusal('amendment-reason', a.reason, reasons.join(', '))
    }
    if (a.evidence === '' || a.approver === '') throw refusal('amendment-evidence', a.out)
    if (leads(this.#certificate, a.approver)) throw refusal('amendment-approver', a.approver)
    parseTime(a.at)
    if (compareText(a.at, this.#at) < 0) throw refusal('amendment-time', a.at, this.#at)
    if (a.previous !== this.#last) throw refusal('amendment-link', a.out)
    this.apply(a)
  }

  /** Makes an amendment. */
  apply(a: Amendment): void {
    this.#visited.delete(a.out)
    this.#visited.set(a.in, a.stratum)
    const left = this.#reserveOf(a.stratum).filter((id) => id !== a.in)
    this.#reserve.set(a.stratum, left)
    this.#last = amendmentHash(a)
    this.#at = a.at
  }
}

/** Whether a person leads a team. */
function leads({ plan }: Certificate, who: string): boolean {
  const members = plan.teams?.members ?? []
  return members.some(({ role, people }) => role === leaderRole && people.includes(who))
}
