/** Where files are dropped. */
import { isHash, type Language } from '@sansuiji/draw'

import { button, el } from './dom'
import { hashesIn, roles, type Kept, type ReadFile, type Role } from './files'
import { words } from './words'

/** What becomes of files. */
export interface Chosen {
  /** Files came; they were chosen for a role, or dropped. */
  readonly add: (files: readonly ReadFile[], role?: Role) => void
  readonly remove: (role: Role) => void
  /** What the person typed until now: kept, whatever comes of it. */
  readonly typed: (text: string) => void
  /** The hashes that the person typed. */
  readonly know: (text: string) => void
}

/** What is there. */
export interface Given {
  readonly kept: Kept
  /** The names of files that are none of what is wanted. */
  readonly strange: readonly string[]
  readonly known: string
}

/** The place for files, and for hashes that the person has. */
export function filesPart(language: Language, given: Given, chosen: Chosen): HTMLElement {
  const w = words[language]
  const { kept, strange, known } = given
  const list = roles.map((role) => slot(language, role, kept.get(role) ?? [], chosen))
  const zone = el(
    'section',
    { class: 'drop', 'aria-label': w.files },
    el('p', { class: 'drop-lead' }, w.drop),
    el('ul', { class: 'slots' }, ...list),
    strange.length === 0
      ? undefined
      : el('p', { class: 'problem', role: 'alert' }, w.strange(strange.join(w.and))),
    knownField(language, known, chosen),
  )
  takeDrops(zone, chosen)
  return zone
}

function slot(
  language: Language,
  role: Role,
  files: readonly ReadFile[],
  chosen: Chosen,
): HTMLElement {
  const w = words[language]
  const filled = files.length > 0
  const many = role === 'record' || role === 'roster'
  const act = !filled ? w.choose : many ? w.more : w.change
  const input = el('input', {
    ...{ type: 'file', multiple: '', class: 'hidden', tabindex: '-1', 'aria-hidden': 'true' },
  })
  input.addEventListener('change', () => {
    void readAll(input.files).then((read) => {
      chosen.add(read, role)
    })
  })
  const pick = button({ 'aria-label': `${act}: ${w[role]}` }, act, () => {
    input.click()
  })
  const drop = button({ class: 'quiet', 'aria-label': w.remove(w[role]) }, '✕', () => {
    chosen.remove(role)
  })
  const [only, ...others] = files
  const said = others.length > 0 ? w.count(files.length) : (only?.name ?? w.hints[role])
  return el(
    'li',
    { class: filled ? 'slot filled' : 'slot' },
    el('span', { class: 'slot-mark', 'aria-hidden': 'true' }, filled ? '✓' : ''),
    el(
      'span',
      { class: 'slot-text' },
      el('strong', {}, w[role]),
      el('span', { class: 'soft' }, said),
    ),
    input,
    el('span', { class: 'slot-acts' }, pick, filled ? drop : undefined),
  )
}

function knownField(language: Language, known: string, { typed, know }: Chosen): HTMLElement {
  const w = words[language]
  const area = el('textarea', {
    id: 'known',
    rows: '2',
    spellcheck: 'false',
    autocapitalize: 'off',
    'aria-describedby': 'known-hint',
  })
  area.value = known
  area.addEventListener('input', () => {
    typed(area.value)
    if (hashesIn(area.value).every(isHash)) know(area.value)
  })
  area.addEventListener('change', () => {
    know(area.value)
  })
  return el(
    'div',
    { class: 'known' },
    el('label', { for: 'known' }, w.known),
    area,
    el('p', { id: 'known-hint', class: 'soft' }, w.knownHint),
  )
}

function takeDrops(zone: HTMLElement, chosen: Chosen): void {
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
    void readAll(event.dataTransfer?.files).then((files) => {
      chosen.add(files)
    })
  })
}

async function readAll(files: FileList | null | undefined): Promise<readonly ReadFile[]> {
  const read: ReadFile[] = []
  for (const file of files ?? []) {
    read.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  return read
}
