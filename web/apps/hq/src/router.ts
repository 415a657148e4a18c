/** The screens by their addresses. Everything but signing in needs a campaign. */
import {
  createRouter,
  createWebHashHistory,
  type RouteLocationRaw,
  type Router,
  type RouteRecordRaw,
} from 'vue-router'

import type { Session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** The word for the screen, a key of the words. */
    readonly title?: string
    readonly open?: boolean
  }
}

const screens: readonly RouteRecordRaw[] = [
  {
    path: '',
    name: 'overview',
    component: () => import('./features/overview/OverviewPage.vue'),
    meta: { title: 'nav.overview' },
  },
  {
    path: 'findings/:finding?',
    name: 'findings',
    component: () => import('./features/review/FindingsPage.vue'),
    meta: { title: 'nav.findings' },
  },
  {
    path: 'conflicts/:conflict?',
    name: 'conflicts',
    component: () => import('./features/conflict/ConflictsPage.vue'),
    meta: { title: 'nav.conflicts' },
  },
  {
    path: 'quarantine',
    name: 'quarantine',
    component: () => import('./features/quarantine/QuarantinePage.vue'),
    meta: { title: 'nav.quarantine' },
  },
  {
    path: 'attachments',
    name: 'attachments',
    component: () => import('./features/attachment/AttachmentsPage.vue'),
    meta: { title: 'nav.attachments' },
  },
  {
    path: 'draws/:draw?',
    name: 'draws',
    component: () => import('./features/draw/DrawsPage.vue'),
    meta: { title: 'nav.draws' },
  },
  {
    path: 'sites/:site?',
    name: 'sites',
    component: () => import('./features/interview/SitesPage.vue'),
    meta: { title: 'nav.sites' },
  },
  {
    path: 'desk/:site?',
    name: 'desk',
    component: () => import('./features/interview/DeskPage.vue'),
    meta: { title: 'nav.desk' },
  },
  {
    path: 'envelopes/:draw',
    name: 'envelopes',
    component: () => import('./features/interview/EnvelopesPage.vue'),
    meta: { title: 'nav.envelopes' },
  },
  {
    path: 'devices',
    name: 'devices',
    component: () => import('./features/enrolment/DevicesPage.vue'),
    meta: { title: 'nav.devices' },
  },
]

/** Addresses are in the fragment, so that any file server can hold the app. */
export function createScreens(session: Session): Router {
  const router = createRouter({
    history: createWebHashHistory('/hq/'),
    routes: [
      {
        path: '/login',
        name: 'login',
        component: () => import('./features/login/LoginPage.vue'),
        meta: { title: 'login.title', open: true },
      },
      { path: '/', name: 'start', component: () => import('./shell/StartPage.vue') },
      {
        path: '/campaign/:campaign',
        component: () => import('./shell/ShellPage.vue'),
        children: [...screens],
      },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.name === from.name ? false : { top: 0 }),
  })
  router.beforeEach((to) => {
    if (to.meta.open || session.known()) return true
    return loginPlace(to.fullPath)
  })
  return router
}

/** The login screen that leads back to where one was. */
export function loginPlace(next: string): RouteLocationRaw {
  return { name: 'login', query: next === '/' ? {} : { next } }
}
