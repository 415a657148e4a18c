/**
 * What figures of the phone are held against in the same run: a page with nothing but a worker
 * that compiles the same SQLite. What the app takes beside it is ours; the rest is the machine's.
 */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'

const wasm = createRequire(import.meta.url).resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm')

const files: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  '/': ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'],
  '/page.js': [
    'text/javascript',
    `new Worker('/worker.js', { type: 'module' }).onmessage = () => {
      document.body.textContent = 'here'
      requestAnimationFrame(() => setTimeout(() => { window.bare = performance.now() }))
    }`,
  ],
  '/worker.js': [
    'text/javascript',
    `WebAssembly.compileStreaming(fetch('/sqlite3.wasm')).then(() => postMessage('compiled'))`,
  ],
  '/sqlite3.wasm': ['application/wasm', readFileSync(wasm)],
}

/** Serves that page. */
export class BarePage {
  readonly #server: Server
  #address = ''

  constructor() {
    this.#server = createServer((asked, answer) => {
      const [type, body] = files[asked.url ?? ''] ?? ['text/plain', '']
      answer.writeHead(200, { 'content-type': type })
      answer.end(body)
    })
  }

  async open(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, 'localhost', done))
    const at = this.#server.address()
    this.#address = `http://localhost:${String(typeof at === 'object' ? at?.port : 0)}/`
  }

  /** Milliseconds until the page is there with SQLite compiled. */
  async timeOn(page: Page, rest: number): Promise<number> {
    await page.goto(this.#address)
    await page.waitForTimeout(rest)
    const time = await page.evaluate(() => (window as unknown as { bare?: number }).bare)
    return time ?? this.timeOn(page, 2 * rest)
  }

  async close(): Promise<void> {
    await new Promise((done) => this.#server.close(done))
  }
}
