/** One contact with headquarters: who asks, with which token, and who watches. */
import type { Store } from './capture'
import { isProblem } from './failure'
import { reach, send, type Call, type Reach, type Server } from './http'
import type { DeviceKey } from './keys'
import { requestToken, type HeldToken } from './token'

/** How far a sync has come. */
export interface Progress {
  readonly kind: 'push' | 'pull'
  readonly done: number
  readonly total: number
}

/** What the steps of a sync share. */
export interface Contact {
  readonly store: Store
  readonly key: DeviceKey
  readonly progress: (progress: Progress) => void
  /** What one sync remembers of itself. */
  readonly round: {
    /** An answer proved nothing, and was counted. */
    doubted: boolean
  }
  /** Sends a request with a valid token. */
  readonly send: (call: Call) => Promise<unknown>
  /** Asks for a token anew, so that one is at hand for a while. */
  readonly renew: () => Promise<void>
  /** Sends a request with a valid token and gives the answer as it is. */
  readonly reach: (call: Reach) => Promise<Response>
}

/** What a contact is made of. */
export interface ContactParts {
  readonly store: Store
  readonly server: Server
  readonly key: DeviceKey
  readonly progress: (progress: Progress) => void
}

/** Opens a contact. The token is asked for when it is first needed. */
export function openContact({ store, server, key, progress }: ContactParts): Contact {
  let token: HeldToken | undefined
  const validToken = async (): Promise<string> => {
    if (!token || token.renewAt <= store.clock()) {
      token = await requestToken({ store, server, key })
    }
    return token.text
  }
  const sendWithToken = async (call: Call): Promise<unknown> => {
    try {
      return await send(server, { ...call, token: await validToken() })
    } catch (error) {
      if (!isProblem(error, 'unauthorised')) throw error
      // Headquarters forgot the token before its time, say by a restart.
      token = undefined
      return send(server, { ...call, token: await validToken() })
    }
  }
  const reachWithToken = async (call: Reach): Promise<Response> => {
    const response = await reach(server, call, await validToken())
    if (response.status !== 401) return response
    token = undefined
    return reach(server, call, await validToken())
  }
  const round = { doubted: false }
  const renew = async () => {
    token = await requestToken({ store, server, key })
  }
  return { store, key, progress, round, renew, send: sendWithToken, reach: reachWithToken }
}
