/** Going through a list that changes while it is gone through. */

/**
 * The id one step from `current`. When the current one has left the list, as a
 * decided finding leaves a list of pending ones, `lastIndex` says where it was
 * and the one that moved there is next.
 */
export function neighbour(
  ids: readonly string[],
  current: string,
  lastIndex: number,
  step: 1 | -1,
): string | undefined {
  const index = ids.indexOf(current)
  if (index >= 0) return ids[index + step]
  if (lastIndex < 0) return ids[0]
  const next = step === 1 ? lastIndex : lastIndex - 1
  return ids[Math.min(next, ids.length - 1)]
}
