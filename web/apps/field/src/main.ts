/** The field app: opens the store, then shows the screens. */
import './store/begin'
import '@sansuiji/ui/tokens.css'
import './styles'

import { browserPreferences, createWords, languageOf, useTheme } from '@sansuiji/ui'
import {
  Locale,
  setDialogDefaultOptions,
  setToastDefaultOptions,
  showToast,
  type DialogOptions,
  type ToastOptions,
} from 'vant'
import english from 'vant/es/locale/lang/en-US'
import chinese from 'vant/es/locale/lang/zh-TW'
import { createApp, watchEffect } from 'vue'

import App from './App.vue'
import { appearanceKey, useLetters } from './parts/appearance'
import { browserLock, lockKey } from './features/lock/lock'
import { failureMessage } from './parts/failure'
import { createScreens, loadAllScreens } from './router'
import { AppStore, failureOf, storeKey } from './store/store'
import { words } from './words'

const preferences = browserPreferences()
const i18n = createWords(words, preferences)
watchEffect(() => {
  const language = languageOf(i18n)
  Locale.use(language === 'zh' ? 'zh-TW' : 'en-US', language === 'zh' ? chinese : english)
  document.title = i18n.global.t('app.field')
  // Vant's own roles and names are those of no dialog that people can tell from another.
  setToastDefaultOptions({ role: 'status', tabindex: undefined } as ToastOptions)
  setDialogDefaultOptions({ 'aria-label': i18n.global.t('frame.question') } as DialogOptions)
})

const store = new AppStore()
const lock = browserLock(preferences)
lock.watch()
const app = createApp(App)
const tell = (error: unknown) => {
  // Saves tell of their own failures; what comes here is a read, a screen not loaded, or a bug.
  reportError(error)
  const { title, advice, detail } = failureMessage(failureOf(error), languageOf(i18n))
  showToast({ message: [title, advice, detail].filter(Boolean).join('\n'), duration: 5000 })
}
app.config.errorHandler = tell
const screens = createScreens(store)
screens.onError(tell)
app
  .provide(storeKey, store)
  .provide(lockKey, lock)
  .provide(appearanceKey, { ...useTheme(preferences), letters: useLetters(preferences) })
  .use(i18n)
  .use(screens)
  .mount('#app')
store.start()
void store.whole.then(loadAllScreens).catch(reportError)
void store.whole.then(watchPastes).catch(reportError)

async function watchPastes(): Promise<void> {
  const { watchCuts } = await import('@sansuiji/ui/cut')
  watchCuts(document, (most, left) => {
    showToast({ message: i18n.global.t('state.cut', { most, left }), duration: 5000 })
  })
}
