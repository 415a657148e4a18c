/**
 * The dedicated worker that owns the database. One per browser: see the page's lock. It begins
 * with little: SQLite is compiled while the code that uses it is loaded, and nothing is opened
 * before the page says that the lock is its own.
 */
import sqliteUrl from '@sqlite.org/sqlite-wasm/sqlite3.wasm?url'

import type { ToWorker } from './rpc'

declare const self: DedicatedWorkerGlobalScope

performance.mark('store began')
const compiled = WebAssembly.compileStreaming(fetch(sqliteUrl)).catch(() => null)
const serving = import('./serve')

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  const { hear } = await serving
  await hear(data, compiled)
}
