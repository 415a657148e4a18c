/** The page: a file comes in, it is checked, and its sources can be looked up. */
import { button, el, factsOf } from '@sansuiji/ui/dom'

import { check, type Checked, type Progress } from './check'
import { givenOf, type Given } from './given'
import { Lookup } from './lookup'
import { unreadable, whereOf, type Language, type Result, type Step } from './report'
import { verdictOf } from './share'
import { moment } from './show'
import { limits, textFor } from './texts'
import { words } from './words'

/** Builds the page in a document. */
export function start(document: Document): void {
  const app = document.getElementById('app')
  if (app === null) throw new Error('start: no place for the page')
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    document.documentElement.dataset['theme'] = dark.matches ? 'dark' : 'light'
  }
  dark.addEventListener('change', follow)
  follow()
  new Page(document, app).show()
}

const signs: Readonly<Record<Result, string>> = { holds: '✓', fails: '✗', unknown: '?' }

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'strange' }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'done'; readonly checked: Checked; readonly lookup: Lookup | undefined }

class Page {
  readonly #document: Document
  readonly #app: HTMLElement
  readonly #status = el('p', { role: 'status', class: 'unseen' })
  readonly #outcome = el('div', { class: 'outcome' })
  #language: Language = 'zh'
  #given: Given | undefined
  #known = ''
  #state: State = { kind: 'waiting' }
  /** Counts checks: an older one has nothing to say. */
  #run = 0

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
    const w = words[this.#language]
    const zip = this.#picker('file', { accept: '.zip,application/zip' })
    const folder = this.#picker('folder', { webkitdirectory: '' })
    const zone = el(
      'section',
      { class: 'drop', 'aria-label': w.files },
      el('p', { class: 'drop-lead' }, this.#given?.name ?? w.drop),
      zip,
      folder,
      el(
        'p',
        { class: 'acts' },
        button({ class: 'main' }, w.choose, () => {
          zip.click()
        }),
        button({}, w.folder, () => {
          folder.click()
        }),
      ),
      this.#keyField(),
    )
    this.#takeDrops(zone)
    return zone
  }

  #picker(name: string, more: Readonly<Record<string, string>>): HTMLInputElement {
    const input = el('input', {
      ...{ type: 'file', class: 'hidden', tabindex: '-1', 'aria-hidden': 'true' },
      ...{ 'data-pick': name, ...more },
    })
    input.addEventListener('change', () => {
      this.#take([...(input.files ?? [])])
    })
    return input
  }

  #keyField(): HTMLElement {
    const w = words[this.#language]
    const field = el('input', {
      ...{ id: 'key', type: 'text', spellcheck: 'false', autocapitalize: 'off' },
      ...{ autocomplete: 'off', 'aria-describedby': 'key-hint', value: this.#known },
    })
    field.addEventListener('input', () => {
      this.#known = field.value.trim()
    })
    field.addEventListener('change', () => {
      if (this.#given) void this.#check(this.#given)
    })
    return el(
      'div',
      { class: 'known' },
      el('label', { for: 'key' }, w.key),
      field,
      el('p', { id: 'key-hint', class: 'soft' }, w.keyHint),
    )
  }

  #takeDrops(zone: HTMLElement): void {
    const over = (event: DragEvent) => {
      event.preventDefault()
      zone.classList.add('over')
    }
    zone.addEventListener('dragenter', over)
    zone.addEventListener('dragover', over)
    zone.addEventListener('dragleave', (event) => {
      if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove('over')
    })
    zone.addEventListener('drop', (event) => {
      event.preventDefault()
      zone.classList.remove('over')
      this.#take([...(event.dataTransfer?.files ?? [])])
    })
  }

  #take(files: readonly File[]): void {
    this.#given = givenOf(files)
    if (this.#given === undefined) {
      this.#run++
      this.#state = { kind: 'strange' }
      this.show()
      return
    }
    void this.#check(this.#given)
    this.show()
  }

  async #check(given: Given): Promise<void> {
    const run = ++this.#run
    const set = (state: State) => {
      if (run !== this.#run) return
      this.#state = state
      this.#showOutcome()
    }
    try {
      const checked = await check(given, this.#known, async (progress) => {
        set({ kind: 'running', progress })
        await new Promise((go) => setTimeout(go))
        if (run !== this.#run) throw new Error('check: another was begun')
      })
      const { content } = checked
      const lookup = content && new Lookup(checked, content, this.#language)
      set({ kind: 'done', checked, lookup })
    } catch {
      set({ kind: 'crashed' })
    }
  }

  #showOutcome(): void {
    const [said, parts] = this.#parts()
    if (this.#status.textContent !== said) this.#status.textContent = said
    this.#outcome.replaceChildren(...parts)
  }

  #parts(): readonly [said: string, parts: readonly HTMLElement[]] {
    const [w, state] = [words[this.#language], this.#state]
    switch (state.kind) {
      case 'waiting':
        return ['', []]
      case 'strange':
      case 'crashed': {
        const said = w[state.kind]
        return [said, [el('p', { class: 'status bad' }, said)]]
      }
      case 'running':
        return ['', [this.#running(state.progress)]]
      case 'done':
        return [
          verdictOf(state.checked.result, state.checked.share).word[this.#language],
          this.#done(state.checked, state.lookup),
        ]
    }
  }

  #running({ step, done }: Progress): HTMLElement {
    const share = step === 'members' ? ` ${Math.round(100 * done)}%` : ''
    const said = words[this.#language].running(textFor(step)[this.#language], share)
    return el('p', { class: 'status running' }, said)
  }

  #done(checked: Checked, lookup: Lookup | undefined): readonly HTMLElement[] {
    const parts = [
      this.#verdict(checked),
      lookup?.show(this.#language),
      this.#steps(checked),
      this.#limits(),
    ]
    return parts.filter((part) => part !== undefined)
  }

  #verdict({ result, share, manifest, steps }: Checked): HTMLElement {
    const w = words[this.#language]
    const { word, said } = verdictOf(result, share)
    const none = unreadable(manifest, steps)
    const facts =
      manifest &&
      factsOf([
        [w.campaign, `${manifest.name}（${manifest.code}）`],
        [w.state, w.stateOf(manifest.position, moment(manifest.at))],
        [w.root, manifest.root],
        [w.signedBy, manifest.key],
      ])
    return el(
      'section',
      { class: `verdict ${result}` },
      el(
        'p',
        { class: 'result' },
        el('span', { class: 'sign', 'aria-hidden': 'true' }, signs[result]),
        el('span', {}, word[this.#language]),
      ),
      ...(none ? [none] : said).map((sentence) => el('p', {}, sentence[this.#language])),
      manifest && el('h2', { class: 'of' }, manifest.title),
      facts,
    )
  }

  #steps({ steps }: Checked): HTMLElement {
    const w = words[this.#language]
    const items = steps.map((step) => this.#step(step))
    return el(
      'section',
      { class: 'part' },
      el('h2', {}, w.steps),
      el('ol', { class: 'steps' }, ...items),
    )
  }

  #step({ name, result, said, faults }: Step): HTMLElement {
    const [w, language] = [words[this.#language], this.#language]
    const skipped = result === 'unknown' && said.length === 0 && faults.length === 0
    const spoken = skipped ? w.notDone : textFor(result)[language]
    const sign = skipped ? '–' : signs[result]
    return el(
      'li',
      { class: `step ${skipped ? 'skipped' : result}` },
      el('span', { class: 'mark', role: 'img', 'aria-label': spoken }, sign),
      el(
        'div',
        {},
        el('p', { class: 'name' }, textFor(name)[language]),
        ...faults.map((fault) => {
          const text = `${whereOf(fault)[language]}${language === 'zh' ? '：' : ': '}`
          return el('p', { class: 'problem' }, text + fault.said[language])
        }),
        ...said.map((sentence) => el('p', { class: 'note' }, sentence[language])),
      ),
    )
  }

  #limits(): HTMLElement {
    const items = limits.map((limit) => el('li', {}, limit[this.#language]))
    return el(
      'section',
      { class: 'part' },
      el('h2', {}, textFor('limits')[this.#language]),
      el('ul', { class: 'limits' }, ...items),
    )
  }
}
