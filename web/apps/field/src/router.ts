/**
 * The screens and their addresses. Behind a hash, so that any server can hand out the one page.
 * Only the first screen comes with the app; the others follow when it is there.
 */
import { watch } from 'vue'
import {
  createRouter,
  createWebHashHistory,
  type RouteLocationNormalized,
  type Router,
} from 'vue-router'

import VisitsPage from './features/visits/VisitsPage.vue'
import { closeOverlay } from './parts/overlay'
import type { AppStore } from './store/store'

const id = '[0-9a-fA-F-]{36}'

const loadScreens = () => import('./screens')
const loadRare = () => import('./rareScreens')

/** A screen of the day's work. */
export function screen(name: keyof Awaited<ReturnType<typeof loadScreens>>) {
  return async () => (await loadScreens())[name]
}

/** A screen that is opened a few times a day. */
function rare(name: keyof Awaited<ReturnType<typeof loadRare>>) {
  return async () => (await loadRare())[name]
}

/**
 * Loads all screens, before anybody asks for them: a page that stays open through an update
 * would not find its own any more.
 */
export async function loadAllScreens(): Promise<void> {
  await loadScreens()
  await loadRare()
}

/** How long a page may take to be read again, in milliseconds. */
const patience = 1500

/**
 * Scrolls back to the row of a list that a person looked into, once it is read again. Its place
 * in pixels is of no use: cards that nobody has seen yet have no height of their own. False when
 * the page is there, as long as it was, without that row.
 */
async function backTo(rows: readonly string[], top: number): Promise<boolean> {
  const row = rows.map((of) => `[data-row="${CSS.escape(of)}"]`).join()
  const { documentElement: page } = document
  const begun = performance.now()
  while (performance.now() - begun < patience) {
    const found = row === '' ? null : document.querySelector(row)
    found?.scrollIntoView({ block: 'center' })
    if (found) return true
    if (page.scrollHeight - page.clientHeight >= top) return false
    await new Promise(requestAnimationFrame)
  }
  return false
}

/** What the page that was left is about, and the one that opens is not: it may list it. */
function rowsLeft(from: RouteLocationNormalized, to: RouteLocationNormalized): readonly string[] {
  const about = Object.values(to.params).flat()
  return Object.values(from.params)
    .flat()
    .filter((of) => !about.includes(of))
}

/** All screens, but the enrolment only until the device is enrolled. */
export function createScreens(store: AppStore): Router {
  const history = createWebHashHistory()
  let stays = false
  history.listen((_to, _from, { delta }) => {
    stays = delta < 0 && closeOverlay()
  })
  const router = createRouter({
    history,
    routes: [
      { path: '/', component: VisitsPage },
      { path: '/enrol', component: screen('EnrolPage') },
      { path: '/sync', component: screen('SyncPage') },
      { path: '/prepare', component: rare('PreparePage') },
      { path: '/lock', component: rare('LockPage') },
      { path: '/settings', component: rare('SettingsPage') },
      { path: '/permissions', component: rare('PermissionsPage') },
      { path: `/visit/:id(${id})`, component: screen('VisitPage'), props: true },
      { path: `/visit/:id(${id})/note`, component: screen('NotePage'), props: true },
      { path: `/visit/:id(${id})/people`, component: screen('PeoplePage'), props: true },
      { path: `/visit/:id(${id})/people/paste`, component: screen('PastePage'), props: true },
      { path: `/visit/:id(${id})/people/roster`, component: screen('LatePage'), props: true },
      { path: `/visit/:id(${id})/people/mirror`, component: rare('ShowPage'), props: true },
      { path: `/visit/:id(${id})/signoff`, component: rare('SignoffPage'), props: true },
      { path: `/visit/:id(${id})/interviews`, component: rare('TalksPage'), props: true },
      { path: `/visit/:id(${id})/interviews/consent`, component: rare('ConsentPage'), props: true },
      { path: `/interview/:id(${id})`, component: rare('TalkPage'), props: true },
      { path: '/mirror', component: rare('MirrorPage') },
      { path: `/visit/:visit(${id})/finding`, component: screen('FindingFormPage'), props: true },
      {
        path: `/visit/:id(${id})/verify/:kind(problem|commitment)/:subject(${id})`,
        component: screen('VerifyPage'),
        props: true,
      },
      { path: `/finding/:id(${id})`, component: screen('FindingPage'), props: true },
      { path: `/finding/:finding(${id})/edit`, component: screen('FindingFormPage'), props: true },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
    // What is shown first is at its top; to say so would have it laid out before it is whole.
    scrollBehavior: async (to, from, saved) => {
      if (to.path === from.path) return false // another part of a page that stays
      if (saved === null) return from.matched.length > 0 && { top: 0 }
      return !(await backTo(rowsLeft(from, to), saved.top)) && saved
    },
  })
  router.beforeEach(async (to) => {
    if (stays) {
      stays = false
      return false
    }
    await store.opened
    const enrolled = store.identity.value !== null
    if (!enrolled && to.path !== '/enrol') return '/enrol'
    if (enrolled && to.path === '/enrol') return '/'
    return true
  })
  // Another tab may have enrolled the device while it had the database.
  watch(store.ownership, ({ kind }) => {
    if (kind !== 'owner' || store.identity.value === null) return
    if (router.currentRoute.value.path === '/enrol') void router.replace('/')
  })
  return router
}
