/** Real Chromium, one process a profile, so that it can be killed as phones are. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { chromium, type Browser, type Page } from 'playwright-core'

const program = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const artefacts = join(import.meta.dirname, 'artefacts')

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
  '--lang=zh-TW',
]

/** A profile on disk with, most of the time, a browser on it. */
export class Profile {
  /** All that the browser keeps, between two starts too. */
  readonly folder = mkdtempSync(join(tmpdir(), 'sansuiji-profile-'))
  readonly #size: { readonly width: number; readonly height: number }
  readonly #flags: readonly string[]
  #process: ChildProcess | undefined
  #browser: Browser | undefined
  /** The page that is open, for a picture of what went wrong. */
  page: Page | undefined
  /** What pages complained of, the lack of a server aside. */
  readonly complaints: string[] = []

  constructor(
    size: { readonly width: number; readonly height: number },
    more: readonly string[] = [],
  ) {
    this.#size = size
    this.#flags = [...flags, ...more]
  }

  /** Starts the browser and opens an address. One that is still there is killed. */
  async open(address: string): Promise<Page> {
    await this.kill()
    const portFile = join(this.folder, 'DevToolsActivePort')
    rmSync(portFile, { force: true })
    const args = [...this.#flags, `--user-data-dir=${this.folder}`, 'about:blank']
    this.#process = spawn(program, args, { stdio: 'ignore', detached: true })
    while (!existsSync(portFile) || readFileSync(portFile, 'utf8').split('\n').length < 2) {
      await pause(50)
    }
    const port = readFileSync(portFile, 'utf8').split('\n')[0] ?? ''
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const context = this.#browser.contexts()[0]
    if (context === undefined) throw new Error('the browser has no context')
    const page = context.pages()[0] ?? (await context.newPage())
    await page.setViewportSize(this.#size)
    this.page = page
    this.#listen(page)
    await page.goto(address)
    return page
  }

  /** Ends the page's process, as a phone does that needs its memory, and opens another page. */
  async crash(address: string): Promise<Page> {
    const old = this.page
    if (old === undefined) throw new Error('no page is open')
    const context = old.context()
    const ended = new Promise((done) => old.on('crash', done))
    const session = await context.newCDPSession(old)
    session.send('Page.crash').catch(() => undefined)
    await ended
    const page = await context.newPage()
    await page.setViewportSize(this.#size)
    this.page = page
    this.#listen(page)
    await old.close()
    await page.goto(address)
    return page
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      const text = message.text()
      if (message.type() === 'error' && !text.includes('ERR_CONNECTION_REFUSED')) {
        this.complaints.push(`${text} (${message.location().url})`)
      }
    })
  }

  /** Kills every process of the browser, as a phone that runs out of power would. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child?.pid === undefined) return
    const ended = new Promise((done) => child.on('exit', done))
    process.kill(-child.pid, 'SIGKILL')
    await ended
    await this.#browser?.close().catch(() => undefined)
    rmSync(join(this.folder, 'SingletonLock'), { force: true })
  }

  /** Closes the browser as a person does: it writes down what it keeps. */
  async close(): Promise<void> {
    const child = this.#process
    if (child?.pid === undefined || this.#browser === undefined) return
    this.#process = undefined
    const ended = new Promise((done) => child.on('exit', done))
    const session = await this.#browser.newBrowserCDPSession()
    await session.send('Browser.close').catch(() => undefined)
    await ended
    rmSync(join(this.folder, 'SingletonLock'), { force: true })
  }

  async remove(): Promise<void> {
    await this.kill()
    for (let left = 20; left > 0; left--) {
      try {
        rmSync(this.folder, { recursive: true, force: true })
        return
      } catch {
        await pause(100) // a killed process may still be writing
      }
    }
  }
}

/** Keeps a picture for people to look at, in a folder of its own if there are many. */
export async function picture(page: Page, name: string, folder = ''): Promise<void> {
  mkdirSync(join(artefacts, folder), { recursive: true })
  await page.screenshot({ path: join(artefacts, folder, `${name}.png`) })
}
