/** Whether a plan and a frame belong together. */
import { run } from './certificate'
import { summaryOf, type Frame } from './frame'
import type { Plan } from './plan'
import { refusal } from './problem'
import { emptySeed } from './seed'

/** Throws why a frame is not the one that a plan names. */
export function checkFits({ frame: want }: Plan, frame: Frame): void {
  const have = summaryOf(frame)
  if (have.n !== want.n) throw refusal('frame-count', String(have.n), String(want.n))
  if (have.eligible !== want.eligible) {
    throw refusal('frame-eligible', String(have.eligible), String(want.eligible))
  }
  if (have.root !== want.root) throw refusal('frame-root', have.root, want.root)
  if (have.sha256 !== want.sha256) throw refusal('frame-file', have.sha256, want.sha256)
  if (have.excluded.length !== want.excluded.length) throw refusal('plan-counts')
  for (const [i, { code, n }] of have.excluded.entries()) {
    const other = want.excluded[i]
    if (other?.code !== code || other.n !== n) throw refusal('plan-counts')
  }
}

/** Draws with a seed that means nothing, to see whether a plan can be drawn from a frame at all. */
export function tryPlan(plan: Plan, frame: Frame): void {
  checkFits(plan, frame)
  run(plan, frame, emptySeed)
}
