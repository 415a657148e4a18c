/** Looks up what a number of the report rests on. */
import { button, el, factsOf, tag } from '@sansuiji/ui/dom'

import type { Checked } from './check'
import { follow, type Followed } from './follow'
import { cellOf, rowKey, type Content, type Photo, type Row, type Source } from './load'
import type { Language } from './report'
import { moment, rowTitle, valueText } from './show'
import type { Proved } from './trail'
import { words } from './words'

/** What is looked at: a number, or a row that another led to. */
type Place = { readonly number: number } | { readonly row: Row }

/** The part of the page where numbers are looked up. */
export class Lookup {
  readonly #checked: Checked
  readonly #content: Content
  #language: Language
  #way: readonly Place[] = []
  #typed = ''
  #addresses: string[] = []
  #part = el('section', {})
  #outcome = el('div', { 'aria-live': 'polite' })

  constructor(checked: Checked, content: Content, language: Language) {
    this.#checked = checked
    this.#content = content
    this.#language = language
  }

  /** Shows it, in a language. */
  show(language: Language): HTMLElement {
    this.#language = language
    this.#outcome = el('div', { 'aria-live': 'polite' })
    this.#part = this.#frame()
    void this.#showPlace()
    return this.#part
  }

  #frame(): HTMLElement {
    const w = words[this.#language]
    const last = this.#content.sources.length
    const input = el('input', {
      ...{ id: 'number', type: 'number', min: '1', max: String(last), inputmode: 'numeric' },
      value: this.#typed,
    })
    const form = el(
      'form',
      { class: 'lookup' },
      el('label', { for: 'number' }, w.number),
      input,
      el('button', { type: 'submit', class: 'main' }, w.show),
      button({}, w.before, () => {
        this.#step(input, -1)
      }),
      button({}, w.after, () => {
        this.#step(input, 1)
      }),
      button({}, w.random, () => {
        const bytes = crypto.getRandomValues(new Uint32Array(1))
        this.#go(input, 1 + ((bytes[0] ?? 0) % Math.max(1, last)))
      }),
    )
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#go(input, Number(input.value))
    })
    return el(
      'section',
      { class: 'part', 'aria-label': w.look },
      el('h2', {}, w.look),
      el('p', { class: 'soft' }, w.lookLead),
      form,
      this.#outcome,
    )
  }

  #step(input: HTMLInputElement, by: number): void {
    this.#go(input, Math.min(this.#content.sources.length, Math.max(1, Number(input.value) + by)))
  }

  #go(input: HTMLInputElement, number: number): void {
    this.#typed = input.value = String(number)
    this.#way = [{ number }]
    void this.#showPlace()
  }

  #open(place: Place): void {
    this.#way = [...this.#way, place]
    void this.#showPlace().then(() => {
      this.#outcome.querySelector<HTMLElement>('h3')?.focus()
    })
  }

  async #showPlace(): Promise<void> {
    for (const address of this.#addresses) URL.revokeObjectURL(address)
    this.#addresses = []
    const place = this.#way.at(-1)
    if (place === undefined) return
    const outcome = this.#outcome
    const parts = 'row' in place ? await this.#rowParts(place.row) : await this.#numberParts(place)
    const back = button({ class: 'back' }, words[this.#language].back, () => {
      this.#way = this.#way.slice(0, -1)
      void this.#showPlace()
    })
    outcome.replaceChildren(...(this.#way.length > 1 ? [back] : []), ...parts)
  }

  async #numberParts({ number }: { number: number }): Promise<readonly HTMLElement[]> {
    const w = words[this.#language]
    const { sources, rows } = this.#content
    const source = sources.find((one) => one.number === number)
    if (source === undefined) {
      return [el('p', { class: 'problem', role: 'alert' }, w.noNumber(sources.length))]
    }
    const head = this.#sourceHead(source)
    if (source.withheld) return [head, el('p', { class: 'note' }, w.withheld)]
    if (source.id === undefined) return [head, this.#sumPart(source)]
    const row = rows.get(rowKey(source.table, source.id))
    return row ? [head, ...(await this.#rowParts(row, false))] : [head]
  }

  #sourceHead(source: Source): HTMLElement {
    const w = words[this.#language]
    return el(
      'div',
      { class: 'source' },
      el('h3', { tabindex: '-1' }, `${source.number}　${source.kind[this.#language]}`),
      factsOf([
        [w.id, source.id ?? ''],
        [w.who, source.who],
        [w.when, moment(source.at)],
        [w.position, source.position > 0 ? String(source.position) : ''],
      ]),
    )
  }

  #sumPart({ table, rows, count }: Source): HTMLElement {
    const w = words[this.#language]
    const items = rows.flatMap((id) => {
      const row = this.#content.rows.get(rowKey(table, id))
      if (row === undefined) return []
      return [el('li', {}, this.#link(row))]
    })
    return el(
      'div',
      {},
      el('p', {}, w.sum(count, rows.length)),
      el('ol', { class: 'sum' }, ...items),
    )
  }

  #link(row: Row): HTMLElement {
    return button({ class: 'link' }, this.#title(row), () => {
      this.#open({ row })
    })
  }

  async #rowParts(row: Row, head = true): Promise<readonly HTMLElement[]> {
    const found = await follow(this.#checked, row)
    const title = `${row.table.label[this.#language]}　${this.#title(row)}`
    return [
      ...(head ? [el('h3', { tabindex: '-1' }, title)] : []),
      this.#around(row, found),
      this.#photos(found),
      this.#decisions(row, found),
      this.#values(row),
      this.#entries(found),
    ].filter((part) => part !== undefined)
  }

  /** What people know a row by; a visit is known by its unit. */
  #title(row: Row): string {
    const unit = row.table.name === 'visit' ? this.#named(row, 'unit_id') : undefined
    return rowTitle(this.#language, unit ?? row)
  }

  /** The row that a row names in a column, if it is in the file. */
  #named(row: Row, column: string): Row | undefined {
    const value = cellOf(row, column)
    if (!column.endsWith('_id') || value?.kind !== 'bytes') return undefined
    return this.#content.rows.get(rowKey(column.slice(0, -'_id'.length), value.text))
  }

  #around(row: Row, { around, drawn }: Followed): HTMLElement | undefined {
    const w = words[this.#language]
    if (around.length === 0 && drawn.length === 0) return undefined
    const items = around.map((one) =>
      el('li', {}, tag('', one.table.label[this.#language]), this.#link(one)),
    )
    const hasUnit = [row, ...around].some(({ table }) => table.name === 'unit')
    const isDraw = row.table.name === 'draw'
    const chance = drawn.map(({ draw, unit, stratum, rank, reserve }) => {
      const said = (reserve > 0 ? w.reserveAs : w.drawnAs)(draw, stratum, reserve || rank)
      return el('li', {}, isDraw ? `${unit}　${said}` : said)
    })
    return el(
      'div',
      {},
      items.length > 0 ? el('h4', {}, w.where) : undefined,
      items.length > 0 ? el('ul', { class: 'around' }, ...items) : undefined,
      hasUnit || isDraw ? el('h4', {}, w.draws) : undefined,
      hasUnit && chance.length === 0 ? el('p', { class: 'soft' }, w.notDrawn) : undefined,
      chance.length > 0 ? el('ul', {}, ...chance) : undefined,
      chance.length > 0 ? el('p', { class: 'soft' }, w.certificate) : undefined,
    )
  }

  #photos({ photos }: Followed): HTMLElement | undefined {
    const w = words[this.#language]
    if (photos.length === 0) return undefined
    const items = photos.map((photo) => el('li', {}, this.#photo(photo)))
    return el('div', {}, el('h4', {}, w.photos), el('ul', { class: 'photos' }, ...items))
  }

  #photo(photo: Photo): HTMLElement {
    const w = words[this.#language]
    const shown = photo.table === 'finding' || photo.table === 'verification'
    const unnumbered = shown ? w.photos : w.signature
    const name = photo.number === undefined ? unnumbered : w.photo(photo.number)
    const { path } = photo
    const blob = path === undefined ? undefined : this.#checked.blobs.get(path)
    const members = this.#checked.steps.find((step) => step.name === 'members')
    const isChanged = members?.faults.some(({ member }) => member === path) ?? false
    if (path === undefined || blob === undefined || isChanged) {
      const absent = photo.missing === 'phone' ? w.missing(photo.who) : w.lost
      const why = isChanged ? w.changed : absent
      return el('figure', {}, el('p', { class: 'absent' }, why), el('figcaption', {}, name))
    }
    const type = path.endsWith('.png') ? 'image/png' : 'image/jpeg'
    const address = URL.createObjectURL(new Blob([blob], { type }))
    this.#addresses.push(address)
    const caption = el('figcaption', {}, `${name}　${photo.who}`)
    const hash = el('span', { class: 'hash small', translate: 'no' }, photo.hash)
    return el('figure', {}, el('img', { src: address, alt: name }), caption, hash)
  }

  #decisions(row: Row, { decisions, around }: Followed): HTMLElement | undefined {
    const w = words[this.#language]
    const reviewed = ['finding', 'verification', 'answer'].includes(row.table.name)
    const concluded = around.filter(({ table }) => table.name === 'conclusion')
    const rows = [...decisions, ...concluded]
    if (rows.length === 0 && !reviewed) return undefined
    const items = rows.map((one) => {
      const shown = ['decision', 'reviewer', 'note', 'decided_at', 'title', 'author', 'made_at']
      const said = one.table.columns.flatMap((column, i) => {
        const value = one.values[i]
        if (!shown.includes(column.name) || !value || value.kind === 'null') return []
        return [valueText(this.#language, column, value)]
      })
      const open = button({ class: 'link' }, said.join('　'), () => {
        this.#open({ row: one })
      })
      return el('li', {}, tag('', one.table.label[this.#language]), open)
    })
    return el(
      'div',
      {},
      el('h4', {}, w.decisions),
      items.length > 0
        ? el('ul', { class: 'around' }, ...items)
        : el('p', { class: 'soft' }, w.noDecisions),
    )
  }

  #values(row: Row): HTMLElement {
    const w = words[this.#language]
    const lines = row.table.columns.flatMap((column, i) => {
      const value = row.values[i]
      if (value === undefined || value.kind === 'null') return []
      const named = this.#named(row, column.name)
      return [
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, column.label[this.#language]),
          el('td', {}, named ? this.#link(named) : valueText(this.#language, column, value)),
          el('td', {}, this.#writtenBy(row, i)),
        ),
      ]
    })
    const heads = [w.column, w.value, w.writtenBy].map((head) => el('th', { scope: 'col' }, head))
    return el(
      'div',
      {},
      el('h4', {}, w.row),
      el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...lines)),
    )
  }

  #writtenBy(row: Row, i: number): HTMLElement {
    const w = words[this.#language]
    const at = row.positions[i] ?? 0
    const entry = this.#checked.trail?.byPosition.get(at)
    if (at === 0) return tag('warn', w.unnamed)
    if (row.proved[i] === true) return tag('good', w.written(at))
    return entry !== undefined && entry.entry === undefined
      ? tag('warn', w.hashOnly(at))
      : tag('bad', w.wrong(at))
  }

  #entries({ entries }: Followed): HTMLElement {
    const w = words[this.#language]
    const items = entries.map((one) => this.#entry(one))
    return el('div', {}, el('h4', {}, w.entries), el('ul', { class: 'entries' }, ...items))
  }

  #entry({ line, entry, signed }: Proved): HTMLElement {
    const w = words[this.#language]
    const device = this.#content.rows.get(rowKey('device', line.device))
    const name = device ? this.#deviceName(device) : line.device
    const state = entry === undefined ? w.onlyHash : signed ? w.bySignature : w.byHeadquarters
    const tone = entry === undefined ? 'warn' : signed ? 'good' : ''
    const times = [w.received(moment(line.receivedAt))]
    if (entry !== undefined) times.push(w.madeAt(moment(entry.wallAt)))
    return el(
      'li',
      {},
      el('strong', {}, w.entryOf(line.position, name)),
      el('span', { class: 'soft' }, times.join('　')),
      el('span', {}, tag('good', w.inHistory), tag(tone, state)),
    )
  }

  #deviceName(device: Row): string {
    const person = this.#named(device, 'inspector_id')
    const name = rowTitle(this.#language, device)
    return person ? `${rowTitle(this.#language, person)}（${name}）` : name
  }
}
