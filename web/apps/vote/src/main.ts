/** The voters' page: no account, no cookie, nothing kept on the phone. */
import '@sansuiji/ui/tokens.css'

import { createApp } from 'vue'

import VotePage from './VotePage.vue'

document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches
  ? 'dark'
  : 'light'
createApp(VotePage).mount('#app')
