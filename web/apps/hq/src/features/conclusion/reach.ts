/** Which conclusions are listed. */
import type { Conclusion } from '../../api/types'

export type ReachFilter = 'all' | 'common' | 'individual' | 'withdrawn'

export const reaches: readonly ReachFilter[] = ['all', 'common', 'individual', 'withdrawn']

/** Those that were withdrawn stand apart: they count no more. */
export function ofReach(list: readonly Conclusion[], reach: ReachFilter): readonly Conclusion[] {
  return list.filter((one) => {
    if (one.withdrawn_at !== undefined) return reach === 'withdrawn'
    return reach === 'all' || one.reach === reach
  })
}
