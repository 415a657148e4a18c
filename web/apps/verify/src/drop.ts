/** Where files are dropped. */
import { isHash, type Language } from '@sansuiji/draw'

import { button, el } from './dom'
import { hashesIn, roleOf, roles, type ReadFile, type Role } from './files'
import { words } from './words'

/** What becomes of files. */
export interface Chosen {
  readonly add: (role: Role, file: ReadFile) => void
  readonly remove: (role: Role) => void
  /** The hashes that the person typed. */
  readonly know: (text: string) => void
}

/** The place for files, and for hashes that the person has. */
export function filesPart(
  language: Language,
  files: ReadonlyMap<Role, ReadFile>,
  known: string,
  chosen: Chosen,
): HTMLElement {
  const w = words[language]
  const list = roles.map((role) => slot(language, role, files.get(role), chosen))
  const zone = el(
    'section',
    { class: 'drop', 'aria-label': w.files },
    el('p', { class: 'drop-lead' }, w.drop),
    el('ul', { class: 'slots' }, ...list),
    knownField(language, known, chosen),
  )
  takeDrops(zone, chosen)
  return zone
}

function slot(
  language: Language,
  role: Role,
  file: ReadFile | undefined,
  chosen: Chosen,
): HTMLElement {
  const w = words[language]
  const hint = { certificate: w.certificateHint, frame: w.frameHint, log: w.logHint }[role]
  const input = el('input', {
    type: 'file',
    class: 'hidden',
    tabindex: '-1',
    'aria-hidden': 'true',
  })
  input.addEventListener('change', () => {
    const [picked] = input.files ?? []
    if (picked !== undefined)
      void readOne(picked).then((read) => {
        chosen.add(role, read)
      })
  })
  const label = `${file === undefined ? w.choose : w.change}: ${w[role]}`
  const pick = button({ 'aria-label': label }, file === undefined ? w.choose : w.change, () => {
    input.click()
  })
  const drop = button({ class: 'quiet', 'aria-label': w.remove(w[role]) }, '✕', () => {
    chosen.remove(role)
  })
  return el(
    'li',
    { class: file === undefined ? 'slot' : 'slot filled' },
    el('span', { class: 'slot-mark', 'aria-hidden': 'true' }, file === undefined ? '' : '✓'),
    el(
      'span',
      { class: 'slot-text' },
      el('strong', {}, w[role]),
      el('span', { class: 'soft' }, file?.name ?? hint),
    ),
    input,
    el('span', { class: 'slot-acts' }, pick, file === undefined ? undefined : drop),
  )
}

function knownField(language: Language, known: string, { know }: Chosen): HTMLElement {
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
    void readAll([...(event.dataTransfer?.files ?? [])], chosen)
  })
}

async function readAll(files: readonly File[], { add }: Chosen): Promise<void> {
  for (const file of files) {
    const read = await readOne(file)
    add(roleOf(read), read)
  }
}

async function readOne(file: File): Promise<ReadFile> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}
