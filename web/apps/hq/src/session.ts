/**
 * Whether somebody is signed in at this browser. The session itself is a cookie
 * no script can read; what is kept here only spares a question to the server
 * whose answer would be no.
 */
import { inject, type InjectionKey } from 'vue'

import type { Preferences } from '@sansuiji/ui'

export interface Session {
  readonly known: () => boolean
  readonly started: () => void
  readonly ended: () => void
}

const name = 'hq.signed-in'

export function createSession(preferences: Preferences): Session {
  return {
    known: () => preferences.get(name) === 'yes',
    started: () => {
      preferences.set(name, 'yes')
    },
    ended: () => {
      preferences.set(name, '')
    },
  }
}

export const sessionKey: InjectionKey<Session> = Symbol('session')

export function useSession(): Session {
  const session = inject(sessionKey)
  if (!session) throw new Error('the app provides no session')
  return session
}
