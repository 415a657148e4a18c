/** Going through a list that changes while it is gone through. */
import { computed, ref, watch, watchEffect, type Ref } from 'vue'

import type { Finding } from '../../api/types'
import { pageSize } from './filter'

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

/** The list that is gone through, and how another finding or page of it is shown. */
export interface Walked {
  readonly query: {
    readonly isSuccess: Readonly<Ref<boolean>>
    /** Another page's rows are shown until those asked for have come. */
    readonly isPlaceholderData: Readonly<Ref<boolean>>
    readonly refetch: () => Promise<{
      readonly data: { readonly findings: readonly Finding[] | null } | undefined
    }>
  }
  readonly rows: Readonly<Ref<readonly Finding[]>>
  readonly total: Readonly<Ref<number>>
  readonly page: Readonly<Ref<number>>
  readonly open: Readonly<Ref<string>>
  readonly show: (id: string) => void
  readonly goTo: (page: number) => void
}

/** Steps from finding to finding, from page to page. */
export function useWalk({ query, rows, total, page, open, show, goTo }: Walked) {
  const lastPage = computed(() => Math.max(1, Math.ceil(total.value / pageSize)))
  const lastIndex = ref(-1)
  watchEffect(() => {
    const index = rows.value.findIndex((row) => row.id === open.value)
    if (index >= 0) lastIndex.value = index
  })
  // A list that shrank under a page far back leads to its last page.
  watch([total, page], () => {
    const settled = query.isSuccess.value && !query.isPlaceholderData.value
    if (settled && page.value > lastPage.value) goTo(lastPage.value)
  })

  /** The page that is turned to, and from which end it is entered. */
  const turning = ref<{ readonly page: number; readonly by: 1 | -1 }>()

  function step(by: 1 | -1): void {
    if (!stepIn(rows.value, by)) turn(by)
  }

  function stepIn(list: readonly Finding[], by: 1 | -1): boolean {
    const ids = list.map((row) => row.id)
    const next = neighbour(ids, open.value, lastIndex.value, by)
    if (next) show(next)
    return next !== undefined
  }

  function turn(by: 1 | -1): void {
    const to = page.value + by
    if (to < 1 || to > lastPage.value) return
    turning.value = { page: to, by }
    goTo(to)
  }

  watch(
    [rows, page, query.isPlaceholderData],
    () => {
      const to = turning.value
      if (!to || page.value !== to.page || query.isPlaceholderData.value) return
      turning.value = undefined
      const row = to.by === 1 ? rows.value[0] : rows.value.at(-1)
      if (row) show(row.id)
    },
    { flush: 'post' },
  )

  /**
   * On to the next one after a decision. What was decided may leave the list, and another
   * moves up to the page's end: the list is read anew before a page is turned.
   */
  async function advance(): Promise<void> {
    const decided = open.value
    if (stepIn(rows.value, 1)) return
    const { data } = await query.refetch()
    if (open.value === decided && !stepIn(data?.findings ?? [], 1)) turn(1)
  }

  return { step, advance }
}
