/** The page: files come in, a verification goes on, and what came of it is shown. */
import { isHash, say, type Hash, type Language, type Step } from '@sansuiji/draw'

import { button, el } from './dom'
import { filesPart } from './drop'
import { hashesIn, roleOf, withFile, without, type Kept, type ReadFile, type Role } from './files'
import type { Job, News } from './job'
import { outcomeParts, outcomeSaid } from './outcome'
import type { Report } from './report'
import type { SiteReport, SitesReport } from './sites'
import { words } from './words'
import { begin } from './work'

/** What the page shows. */
export interface Shown extends Found {
  readonly language: Language
  /** What is missing before all can be verified. */
  readonly missing: readonly Role[]
  /** What is wrong with the hashes that the person has. */
  readonly wrongHash: string | undefined
}

/** What came of a verification until now. */
interface Found {
  readonly state: 'waiting' | 'running' | 'done' | 'crashed'
  /** Of the draw. */
  readonly steps: readonly Step[]
  readonly report: Report | undefined
  readonly sites: readonly SiteReport[]
  readonly together: SitesReport | undefined
}

const nothing: Found = {
  ...{ state: 'waiting', steps: [], report: undefined, sites: [], together: undefined },
}

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
  #kept: Kept = new Map()
  #strange: readonly string[] = []
  #language: Language = 'zh'
  #known = ''
  #found = nothing
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
    this.#app.replaceChildren(
      el('header', {}, el('h1', {}, w.title), this.#toggle(), el('p', { class: 'lead' }, w.lead)),
      el('main', {}, this.#files(), this.#status, this.#outcome),
      el('footer', {}, el('p', {}, w.foot)),
    )
    this.#showOutcome()
  }

  #toggle(): HTMLElement {
    const other: Language = this.#language === 'zh' ? 'en' : 'zh'
    const lang = other === 'zh' ? 'zh-Hant' : 'en'
    return button({ class: 'switch', lang }, words[this.#language].switch, () => {
      this.#language = other
      this.show()
      this.#app.querySelector<HTMLElement>('.switch')?.focus()
    })
  }

  #files(): HTMLElement {
    const given = { kept: this.#kept, strange: this.#strange, known: this.#known }
    return filesPart(this.#language, given, {
      add: (files, role) => {
        this.#add(files, role)
        this.#verify()
        this.show()
      },
      remove: (role) => {
        this.#kept = without(this.#kept, role)
        this.#strange = []
        this.#verify()
        this.show()
      },
      typed: (text) => {
        this.#known = text
      },
      know: (text) => {
        this.#known = text
        this.#verify()
        this.#showOutcome()
      },
    })
  }

  #add(files: readonly ReadFile[], chosenFor: Role | undefined): void {
    const strange: string[] = []
    const alone = files.length === 1 ? chosenFor : undefined
    for (const file of files) {
      const role = roleOf(file, alone)
      if (role === undefined) strange.push(file.name)
      else this.#kept = withFile(this.#kept, role, file)
    }
    this.#strange = strange
  }

  #showOutcome(): void {
    const shown: Shown = {
      ...this.#found,
      ...{ language: this.#language, missing: this.#missing(), wrongHash: this.#wrongHash() },
    }
    const said = outcomeSaid(shown)
    if (this.#status.textContent !== said) this.#status.textContent = said
    this.#outcome.replaceChildren(...outcomeParts(shown))
  }

  /** Sites are verified if there is anything of them; the draw, if there is not, or a frame. */
  #missing(): readonly Role[] {
    const has = (role: Role) => this.#kept.has(role)
    const sites = has('record') || has('roster')
    const draw = !sites || has('frame') || has('log')
    const needed: readonly Role[] = [
      'certificate',
      ...(draw ? (['frame'] as const) : []),
      ...(sites ? (['record', 'roster'] as const) : []),
    ]
    return needed.filter((role) => !has(role))
  }

  #wrongHash(): string | undefined {
    const wrong = hashesIn(this.#known).find((text) => !isHash(text))
    return wrong === undefined ? undefined : say(this.#language, 'hash', wrong)
  }

  #verify(): void {
    this.#end()
    this.#found = nothing
    const job = this.#job()
    if (job.draw === undefined && job.sites === undefined) return
    if (this.#wrongHash() !== undefined) return
    this.#found = { ...nothing, state: 'running' }
    this.#end = begin(job, (news) => {
      this.#found = foundWith(this.#found, news)
      this.#showOutcome()
    })
  }

  /** What can be verified of the files that are there. */
  #job(): Job {
    const first = (role: Role) => this.#kept.get(role)?.[0]?.bytes
    const known = hashesIn(this.#known).filter((text): text is Hash => isHash(text))
    const [certificate, frame, log] = [first('certificate'), first('frame'), first('log')]
    const [records, rosters] = [this.#kept.get('record'), this.#kept.get('roster')]
    if (certificate === undefined) return { draw: undefined, sites: undefined }
    return {
      draw: frame && { certificate, frame, log, known },
      sites: records && rosters && { certificate, records, rosters, known },
    }
  }
}

function foundWith(found: Found, news: News): Found {
  switch (news.kind) {
    case 'step':
      return { ...found, steps: [...found.steps, news.step] }
    case 'draw':
      return { ...found, report: news.report }
    case 'site':
      return { ...found, sites: [...found.sites, news.report] }
    case 'sites':
      return { ...found, together: news.report }
    case 'done':
    case 'crashed':
      return { ...found, state: news.kind }
  }
}
