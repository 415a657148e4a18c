/** The screens and their addresses. Behind a hash, so that any server can hand out the one page. */
import { watch } from 'vue'
import { createRouter, createWebHashHistory, type Router } from 'vue-router'

import EnrolPage from './features/enrol/EnrolPage.vue'
import FindingFormPage from './features/finding/FindingFormPage.vue'
import FindingPage from './features/finding/FindingPage.vue'
import ConsentPage from './features/interview/ConsentPage.vue'
import TalkPage from './features/interview/TalkPage.vue'
import TalksPage from './features/interview/TalksPage.vue'
import LockPage from './features/lock/LockPage.vue'
import MirrorPage from './features/mirror/MirrorPage.vue'
import ShowPage from './features/mirror/ShowPage.vue'
import PreparePage from './features/prepare/PreparePage.vue'
import LatePage from './features/roster/LatePage.vue'
import PastePage from './features/roster/PastePage.vue'
import PeoplePage from './features/roster/PeoplePage.vue'
import SignoffPage from './features/signoff/SignoffPage.vue'
import PermissionsPage from './features/settings/PermissionsPage.vue'
import SettingsPage from './features/settings/SettingsPage.vue'
import SyncPage from './features/sync/SyncPage.vue'
import VerifyPage from './features/verify/VerifyPage.vue'
import NotePage from './features/visit/NotePage.vue'
import VisitPage from './features/visit/VisitPage.vue'
import VisitsPage from './features/visits/VisitsPage.vue'
import type { AppStore } from './store/store'

const id = '[0-9a-fA-F-]{36}'

/** All screens, but the enrolment only until the device is enrolled. */
export function createScreens(store: AppStore): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', component: VisitsPage },
      { path: '/enrol', component: EnrolPage },
      { path: '/sync', component: SyncPage },
      { path: '/prepare', component: PreparePage },
      { path: '/lock', component: LockPage },
      { path: '/settings', component: SettingsPage },
      { path: '/permissions', component: PermissionsPage },
      { path: `/visit/:id(${id})`, component: VisitPage, props: true },
      { path: `/visit/:id(${id})/note`, component: NotePage, props: true },
      { path: `/visit/:id(${id})/people`, component: PeoplePage, props: true },
      { path: `/visit/:id(${id})/people/paste`, component: PastePage, props: true },
      { path: `/visit/:id(${id})/people/roster`, component: LatePage, props: true },
      { path: `/visit/:id(${id})/people/mirror`, component: ShowPage, props: true },
      { path: `/visit/:id(${id})/signoff`, component: SignoffPage, props: true },
      { path: `/visit/:id(${id})/interviews`, component: TalksPage, props: true },
      { path: `/visit/:id(${id})/interviews/consent`, component: ConsentPage, props: true },
      { path: `/interview/:id(${id})`, component: TalkPage, props: true },
      { path: '/mirror', component: MirrorPage },
      { path: `/visit/:visit(${id})/finding`, component: FindingFormPage, props: true },
      {
        path: `/visit/:id(${id})/verify/:kind(problem|commitment)/:subject(${id})`,
        component: VerifyPage,
        props: true,
      },
      { path: `/finding/:id(${id})`, component: FindingPage, props: true },
      { path: `/finding/:finding(${id})/edit`, component: FindingFormPage, props: true },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(async (to) => {
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
