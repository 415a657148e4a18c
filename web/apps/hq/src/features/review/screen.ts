/** The findings screen: filters and page from the address, one finding opened beside the list. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import type { Finding } from '../../api/types'
import { useCampaignId } from '../../campaign/campaign'
import { filterOf, pageOf, queryOf, withFilter, type FilterName } from './filter'
import { useFindings } from './findings'
import { useWalk } from './walk'

export function useFindingsScreen() {
  const route = useRoute()
  const router = useRouter()
  const campaign = useCampaignId()
  const filter = computed(() => filterOf(route.query))
  const page = computed(() => pageOf(route.query))
  const open = computed(() => {
    const id = route.params['finding']
    return typeof id === 'string' ? id : ''
  })
  const query = useFindings(filter, page)
  const rows = computed((): readonly Finding[] => query.data.value?.findings ?? [])
  const total = computed(() => query.data.value?.total ?? 0)

  function show(id: string): void {
    const place = { name: 'findings', params: { campaign: campaign.value, finding: id } }
    // Stepping through the list leaves one step back, to the list.
    void router[open.value ? 'replace' : 'push']({ ...place, query: route.query })
  }

  function narrow(name: FilterName, value: string | undefined): void {
    const next = withFilter(filter.value, name, value)
    void router.replace({ params: route.params, query: queryOf(next, 1) })
  }

  function clear(): void {
    void router.replace({ params: route.params, query: {} })
  }

  /** A selection that was kept. */
  function choose(query: Record<string, string>): void {
    void router.replace({ params: route.params, query })
  }

  function goTo(number: number): void {
    void router.replace({ params: route.params, query: queryOf(filter.value, number) })
  }

  const { step, advance } = useWalk({ query, rows, total, page, open, show, goTo })

  return {
    campaign,
    filter,
    page,
    open,
    query,
    rows,
    total,
    show,
    narrow,
    clear,
    choose,
    goTo,
    step,
    advance,
  }
}
