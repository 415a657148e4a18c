/** Which rows of a list are shown. The choice lives in the address, so that a link keeps it. */
import { computed } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

/** What is asked for; an absent name does not narrow. */
export type Narrowing<N extends string> = Readonly<Partial<Record<N, string>>>

export function narrowingOf<N extends string>(
  query: LocationQuery,
  names: readonly N[],
): Narrowing<N> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name]
      return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : []
    }),
  ) as Narrowing<N>
}

/** With one name changed; nothing takes it out. */
export function withName<N extends string>(
  narrowing: Narrowing<N>,
  name: N,
  value: string | undefined,
): Narrowing<N> {
  const rest = Object.entries(narrowing).filter(([other]) => other !== name)
  return Object.fromEntries(value?.trim() ? [...rest, [name, value.trim()]] : rest) as Narrowing<N>
}

export function isNarrowed(narrowing: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(narrowing).length > 0
}

/** The page of an address, from 1, of as many as there are. */
export function pageWithin(
  query: LocationQuery,
  { rows, size }: { readonly rows: number; readonly size: number },
): number {
  const page = Number(query['page'])
  const last = Math.max(1, Math.ceil(rows / size))
  return Number.isSafeInteger(page) && page > 1 ? Math.min(page, last) : 1
}

/** Whether all words of a search stand in some texts, whatever the case. */
export function hasWords(texts: readonly string[], search: string): boolean {
  const text = texts.join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** The choice of the screen that is shown, and ways to change it. */
export function useNarrowing<N extends string>(names: readonly N[]) {
  const route = useRoute()
  const router = useRouter()
  const narrowing = computed(() => narrowingOf(route.query, names))

  function go(next: Narrowing<N>, page: number): void {
    const query = { ...next, ...(page > 1 ? { page: String(page) } : {}) } as Record<string, string>
    void router.replace({ params: route.params, query })
  }

  return {
    narrowing,
    narrow: (name: N, value: string | undefined): void => {
      go(withName(narrowing.value, name, value), 1)
    },
    set: (next: Narrowing<N>): void => {
      go(next, 1)
    },
    clear: (): void => {
      go({} as Narrowing<N>, 1)
    },
    goTo: (page: number): void => {
      go(narrowing.value, page)
    },
  }
}
