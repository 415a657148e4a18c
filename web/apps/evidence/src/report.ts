/** What a check comes to. */
import { textFor } from './texts'

/** A text in the two languages of the page. */
export interface Label {
  readonly zh: string
  readonly en: string
}

export type Language = keyof Label

/** unknown: it cannot be decided with what is there. */
export type Result = 'holds' | 'fails' | 'unknown'

export const stepNames = [
  'archive',
  'manifest',
  'members',
  'checkpoint',
  'entries',
  'cells',
  'signatures',
  'sources',
  'photos',
  'draws',
] as const

export type StepName = (typeof stepNames)[number]

/** One thing that is wrong, and where. */
export interface Fault {
  /** '': the archive's structure. */
  readonly member: string
  /** In the member, or in the archive; undefined: not known. */
  readonly offset: number | undefined
  readonly said: Label
}

/** How many faults of a step are told. */
const faultsMax = 20

/** One thing that is checked. */
export class Step {
  result: Result = 'holds'
  readonly said: Label[] = []
  readonly faults: Fault[] = []
  readonly name: StepName

  constructor(name: StepName) {
    this.name = name
  }

  /** Adds a sentence. */
  say(zh: string, en: string): void {
    this.said.push({ zh, en })
  }

  /** Adds a fault. */
  fault(member: string, offset: number | undefined, zh: string, en: string): void {
    this.result = 'fails'
    if (this.faults.length < faultsMax) this.faults.push({ member, offset, said: { zh, en } })
  }
}

/** The worst of all steps. */
export function resultOf(steps: readonly Step[]): Result {
  if (steps.some(({ result }) => result === 'fails')) return 'fails'
  return steps.some(({ result }) => result === 'unknown') ? 'unknown' : 'holds'
}

/** Why a file whose manifest cannot be read is none; undefined: it says itself what it is of. */
export function unreadable(manifest: unknown, steps: readonly Step[]): Label | undefined {
  if (manifest !== undefined) return undefined
  return steps.flatMap(({ faults }) => faults)[0]?.said
}

/** What a fault is said of. */
export function whereOf({ member, offset }: Fault): Label {
  const { zh, en } = member === '' ? textFor('archive') : { zh: member, en: member }
  if (offset === undefined) return { zh, en }
  return { zh: `${zh} 第 ${offset} 字節`, en: `${en}, byte ${offset}` }
}

/** What went wrong, in the program's own words. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
