/** Which screens a person is shown. */
import { useRouter, type Router } from 'vue-router'

import { useMay, type May } from './me'

/** Whether the server would answer on a screen: what it asks for stands with its address. */
export function isAnswered(router: Router, name: string, may: May): boolean {
  const asks = router.getRoutes().find((route) => route.name === name)?.meta.asks
  return asks === undefined || may(asks)
}

/** Says of a screen whether the person is shown it. */
export function useScreens(): (name: string) => boolean {
  const router = useRouter()
  const may = useMay()
  return (name) => isAnswered(router, name, may)
}
