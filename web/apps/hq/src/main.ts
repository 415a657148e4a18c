/** Starts the headquarters console. */
import '@sansuiji/ui/tokens.css'
import './element'
import './look.css'
import './parts/form.css'

import { VueQueryPlugin } from '@tanstack/vue-query'
import { ElMessage } from 'element-plus'
import { createApp, watchEffect } from 'vue'

import { browserPreferences, createWords, languageOf, useTheme } from '@sansuiji/ui'
import { watchCuts } from '@sansuiji/ui/cut'

import { apiKey, createApi } from './api/client'
import App from './App.vue'
import { createQueries } from './queries'
import { createScreens, loginPlace } from './router'
import { createSession, sessionKey } from './session'
import { preferencesKey, themeKey } from './shell/choice'
import { words } from './words'

const preferences = browserPreferences()
const i18n = createWords(words, preferences)
const session = createSession(preferences)
const router = createScreens(session)
const queries = createQueries()

function signedOut(): void {
  session.ended()
  const place = router.currentRoute.value
  if (place.name === 'login') return
  void router.replace(loginPlace(place.fullPath)).then(() => {
    queries.clear()
  })
}

watchEffect(() => {
  const { title } = router.currentRoute.value.meta
  const app = i18n.global.t('app.hq')
  document.title = title ? `${i18n.global.t(title)} · ${app}` : app
})

watchCuts(document, (most, left) => {
  ElMessage({
    type: 'warning',
    duration: 8000,
    message: i18n.global.t('state.cut', { most, left }),
  })
})

createApp(App)
  .use(i18n)
  .use(router)
  .use(VueQueryPlugin, { queryClient: queries })
  .provide(apiKey, createApi({ language: () => languageOf(i18n), signedOut }))
  .provide(sessionKey, session)
  .provide(preferencesKey, preferences)
  .provide(themeKey, useTheme(preferences))
  .mount('#app')
