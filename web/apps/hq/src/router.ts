/** The screens by their addresses. Everything but signing in needs a campaign. */
import {
  createRouter,
  createWebHashHistory,
  type RouteLocationRaw,
  type Router,
  type RouteRecordRaw,
} from 'vue-router'

import type { Session } from './session'
import type { Operation } from './shell/me'

declare module 'vue-router' {
  interface RouteMeta {
    /** The word for the screen, a key of the words. */
    readonly title?: string
    readonly open?: boolean
    /** What the screen is there for: whoever may not ask for it is not shown it. */
    readonly asks?: Operation
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
    path: 'conclusions/:conclusion?',
    name: 'conclusions',
    component: () => import('./features/conclusion/ConclusionsPage.vue'),
    meta: { title: 'nav.conclusions' },
  },
  {
    path: 'reports',
    name: 'reports',
    component: () => import('./features/report/ReportsPage.vue'),
    meta: { title: 'nav.reports' },
  },
  {
    path: 'report-templates',
    name: 'report-templates',
    component: () => import('./features/report/TemplatesPage.vue'),
    meta: { title: 'report.template.title' },
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
    path: 'visits/:visit?',
    name: 'visits',
    component: () => import('./features/visit/VisitsPage.vue'),
    meta: { title: 'nav.visits' },
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
    meta: { title: 'nav.sites', asks: 'sites' },
  },
  {
    path: 'desk/:site?',
    name: 'desk',
    component: () => import('./features/interview/DeskPage.vue'),
    meta: { title: 'nav.desk', asks: 'sites' },
  },
  {
    path: 'envelopes/:draw',
    name: 'envelopes',
    component: () => import('./features/interview/EnvelopesPage.vue'),
    meta: { title: 'nav.envelopes', asks: 'print-envelopes' },
  },
  {
    path: 'sealed',
    name: 'sealed',
    component: () => import('./features/sealed/SealedPage.vue'),
    meta: { title: 'nav.sealed', asks: 'sealed' },
  },
  {
    path: 'audit',
    name: 'audit',
    component: () => import('./features/audit/AuditPage.vue'),
    meta: { title: 'nav.audit', asks: 'audit' },
  },
  {
    path: 'links',
    name: 'links',
    component: () => import('./features/link/LinksPage.vue'),
    meta: { title: 'nav.links' },
  },
  {
    path: 'ledger/:entry?',
    name: 'ledger',
    component: () => import('./features/ledger/LedgerPage.vue'),
    meta: { title: 'nav.ledger' },
  },
  {
    path: 'reminders',
    name: 'reminders',
    component: () => import('./features/ledger/RemindersPage.vue'),
    meta: { title: 'ledger.reminders.title' },
  },
  {
    path: 'scores/:unit?',
    name: 'scores',
    component: () => import('./features/score/ScorePage.vue'),
    meta: { title: 'nav.scores' },
  },
  {
    path: 'criteria',
    name: 'criteria',
    component: () => import('./features/score/CriteriaPage.vue'),
    meta: { title: 'score.edit.title' },
  },
  {
    path: 'marks',
    name: 'marks',
    component: () => import('./features/score/MarksPage.vue'),
    meta: { title: 'score.marks', asks: 'give-marks' },
  },
  {
    path: 'ballots',
    name: 'ballots',
    component: () => import('./features/ballot/BallotsPage.vue'),
    meta: { title: 'nav.ballots' },
  },
  {
    path: 'devices',
    name: 'devices',
    component: () => import('./features/enrolment/DevicesPage.vue'),
    meta: { title: 'nav.devices' },
  },
  {
    path: 'enrolment-sheet',
    name: 'sheet',
    component: () => import('./features/enrolment/SheetPage.vue'),
    meta: { title: 'nav.devices', asks: 'enrolment-sheet' },
  },
  {
    path: 'unit-sheet',
    name: 'unit-sheet',
    component: () => import('./features/account/UnitSheetPage.vue'),
    meta: { title: 'nav.people', asks: 'add-unit-accounts' },
  },
  {
    path: 'setup',
    name: 'setup',
    component: () => import('./features/setup/SetupPage.vue'),
    meta: { title: 'nav.setup' },
  },
  {
    path: 'import',
    name: 'import',
    component: () => import('./features/import/ImportPage.vue'),
    meta: { title: 'nav.import', asks: 'import' },
  },
  {
    path: 'questions',
    name: 'questions',
    component: () => import('./features/question/QuestionsPage.vue'),
    meta: { title: 'nav.questions' },
  },
  {
    path: 'people',
    name: 'people',
    component: () => import('./features/account/PeoplePage.vue'),
    meta: { title: 'nav.people', asks: 'accounts' },
  },
]

/** What only people at headquarters are shown. */
const office: readonly RouteRecordRaw[] = [
  { path: '', name: 'start', component: () => import('./shell/StartPage.vue') },
  {
    path: '/campaigns',
    name: 'campaigns',
    component: () => import('./features/campaign/CampaignsPage.vue'),
    meta: { title: 'round.title' },
  },
  {
    path: '/screen/:campaign/:box',
    name: 'ballot-screen',
    component: () => import('./features/ballot/BallotScreen.vue'),
    meta: { title: 'nav.ballots' },
  },
  {
    path: '/campaign/:campaign',
    component: () => import('./shell/ShellPage.vue'),
    children: [...screens],
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
      {
        path: '/',
        component: () => import('./shell/OfficeOnly.vue'),
        children: [...office],
      },
      {
        path: '/me',
        name: 'own',
        component: () => import('./features/account/OwnPage.vue'),
        meta: { title: 'account.own.title' },
      },
      {
        path: '/unit/:campaign/:entry?',
        name: 'own-ledger',
        component: () => import('./features/ledger/OwnPage.vue'),
        meta: { title: 'ledger.own.title' },
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
