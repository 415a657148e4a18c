/**
 * Begins what takes longest before the screens are here: starts the worker, and has it open the
 * database if no other tab has it. The screens take over from there.
 */
import { openStore, type Listener, type StoreClient } from '@sansuiji/local/client'
import StoreWorker from '@sansuiji/local/worker?worker'

/** The lock that whoever has the database holds. */
export const lockName = 'sansuiji-database'

/** The database was free, and is being opened. */
export interface Begun {
  readonly release: () => void
  readonly open: (listener: Listener) => Promise<StoreClient>
}

/** A worker that will open the database when it is told to. */
export function newWorker(): Worker {
  // Its name tells the worker which version it is.
  return new StoreWorker({ name: __APP_VERSION__ })
}

let begun: Promise<Begun | null> | undefined

/** What was begun; null where another tab has the database. It is to be had once. */
export function takeBegun(): Promise<Begun | null> {
  const first = begun ?? Promise.resolve(null)
  begun = undefined
  return first
}

/** Takes the lock, if it is free. */
function begin(): Promise<Begun | null> {
  const worker = newWorker() // it loads its code meanwhile
  return new Promise((resolve) => {
    const held = async (lock: Lock | null): Promise<void> => {
      if (!lock) {
        worker.terminate()
        resolve(null)
        return
      }
      await new Promise<void>((release) => {
        resolve({ release, open: opening(worker) })
      })
    }
    navigator.locks.request(lockName, { ifAvailable: true }, held).catch(() => {
      worker.terminate()
      resolve(null)
    })
  })
}

/** Opens, and keeps what is heard until somebody listens. */
function opening(worker: Worker): Begun['open'] {
  const missed: ((listener: Listener) => void)[] = []
  let to: Listener | undefined
  const hear = (say: (listener: Listener) => void) => {
    if (to) say(to)
    else missed.push(say)
  }
  const client = openStore(worker, {
    event: (event) => {
      hear((listener) => {
        listener.event(event)
      })
    },
    crashed: (failure) => {
      hear((listener) => {
        listener.crashed(failure)
      })
    },
  })
  client.catch(() => undefined) // whoever takes it hears of it
  return (listener) => {
    to = listener
    for (const say of missed) say(listener)
    return client
  }
}

/** Whether this browser, at this address, can keep a database. */
export function isAble(): boolean {
  return window.isSecureContext && 'locks' in navigator && 'getDirectory' in navigator.storage
}

performance.mark('page began')
if (isAble()) begun = begin()
