/** The page: files come in, a verification goes on, and what came of it is shown. */
import { isHash, say, type Hash, type Language, type Step } from '@sansuiji/draw'

import { ceremonyPart } from './ceremony'
import { button, el } from './dom'
import { drawnPart } from './drawn'
import { filesPart } from './drop'
import { hashesIn, type ReadFile, type Role } from './files'
import type { Report } from './report'
import { routesPart } from './routes'
import { stepsPart } from './steps'
import { teamsPart } from './teams'
import { verdictPart, wordsOf } from './verdict'
import { words } from './words'
import { begin } from './work'

/** What the page shows. */
export interface Shown {
  readonly language: Language
  readonly state: State
  readonly steps: readonly Step[]
  readonly report: Report | undefined
  /** What is missing before anything can be verified. */
  readonly missing: readonly Role[]
  /** What is wrong with the hashes that the person has. */
  readonly wrongHash: string | undefined
}

type State = 'waiting' | 'running' | 'done' | 'crashed'

/** Builds the page in a document. */
export function start(document: Document): void {
  const app = document.getElementById('app')
  if (app === null) throw new Error('start: no place for the page')
  followTheme(document)
  new Page(document, app).show()
}

function followTheme(document: Document): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    document.documentElement.dataset['theme'] = dark.matches ? 'dark' : 'light'
  }
  dark.addEventListener('change', follow)
  follow()
}

class Page {
  readonly #document: Document
  readonly #app: HTMLElement
  readonly #outcome = el('div', { class: 'outcome' })
  /** Reads out what comes of it to who cannot see it. */
  readonly #status = el('p', { role: 'status', class: 'unseen' })
  readonly #files = new Map<Role, ReadFile>()
  #language: Language = 'zh'
  #known = ''
  #steps: readonly Step[] = []
  #state: State = 'waiting'
  #report: Report | undefined
  #end: () => void = () => undefined

  constructor(document: Document, app: HTMLElement) {
    this.#document = document
    this.#app = app
  }

  /** Shows everything anew. */
  show(): void {
    const w = words[this.#language]
    this.#document.documentElement.lang = this.#language === 'zh' ? 'zh-Hant' : 'en'
    this.#document.title = w.title
    const other: Language = this.#language === 'zh' ? 'en' : 'zh'
    const toggle = button(
      { class: 'switch', lang: other === 'zh' ? 'zh-Hant' : 'en' },
      w.switch,
      () => {
        this.#language = other
        this.show()
        this.#app.querySelector<HTMLElement>('.switch')?.focus()
      },
    )
    const files = filesPart(this.#language, this.#files, this.#known, {
      add: (role, file) => {
        this.#files.set(role, file)
        this.#verify()
        this.show()
      },
      remove: (role) => {
        this.#files.delete(role)
        this.#verify()
        this.show()
      },
      know: (text) => {
        this.#known = text
        this.#verify()
        this.#showOutcome()
      },
    })
    this.#app.replaceChildren(
      el('header', {}, el('h1', {}, w.title), toggle, el('p', { class: 'lead' }, w.lead)),
      el('main', {}, files, this.#status, this.#outcome),
      el('footer', {}, el('p', {}, w.foot)),
    )
    this.#showOutcome()
  }

  #showOutcome(): void {
    const shown: Shown = {
      language: this.#language,
      state: this.#state,
      steps: this.#steps,
      report: this.#report,
      missing: this.#missing(),
      wrongHash: this.#wrongHash(),
    }
    const said = wordsOf(shown)
    if (this.#status.textContent !== said) this.#status.textContent = said
    const report = this.#report
    const parts = [verdictPart(shown), stepsPart(shown)]
    if (report?.certificate !== undefined) {
      parts.push(ceremonyPart(shown.language, report.certificate))
      parts.push(drawnPart(shown.language, report, report.certificate))
      parts.push(teamsPart(shown.language, report.certificate))
      parts.push(routesPart(shown.language, report, report.certificate))
    }
    this.#outcome.replaceChildren(...parts.filter((part) => part !== undefined))
  }

  #missing(): readonly Role[] {
    const needed: readonly Role[] = ['certificate', 'frame']
    return needed.filter((role) => !this.#files.has(role))
  }

  #wrongHash(): string | undefined {
    const wrong = hashesIn(this.#known).find((text) => !isHash(text))
    return wrong === undefined ? undefined : say(this.#language, 'hash', wrong)
  }

  #verify(): void {
    this.#end()
    this.#steps = []
    this.#report = undefined
    this.#state = 'waiting'
    const [certificate, frame] = [this.#files.get('certificate'), this.#files.get('frame')]
    if (certificate === undefined || frame === undefined || this.#wrongHash() !== undefined) return
    const known = hashesIn(this.#known).filter((text): text is Hash => isHash(text))
    const log = this.#files.get('log')?.bytes
    this.#state = 'running'
    this.#end = begin(
      { certificate: certificate.bytes, frame: frame.bytes, log, known },
      (news) => {
        if (news.kind === 'step') this.#steps = [...this.#steps, news.step]
        else if (news.kind === 'crashed') this.#state = 'crashed'
        else [this.#state, this.#report] = ['done', news.report]
        this.#showOutcome()
      },
    )
  }
}
