/** What a voter has before them, and what they chose: no screen, no request. */

export interface Item {
  readonly id: string
  readonly title: string
  /** What can be chosen, best first, in hundredths of a point. */
  readonly marks: readonly number[]
  readonly max: number
}

export interface Paper {
  readonly title: string
  readonly unit: string
  readonly asked: readonly Item[]
}

export interface Trouble {
  readonly code: string
  readonly title: string
  readonly advice: string
}

export type Stage =
  | { readonly kind: 'noTicket' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'choosing'; readonly sure: boolean; readonly offline: boolean }
  | { readonly kind: 'sending' }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly trouble: Trouble; readonly perhaps: boolean }
  | { readonly kind: 'unread' }

/** What was chosen by item; an absent item is an abstention. */
export type Marks = Readonly<Record<string, number>>

/** With one more choice; the same once more takes it back. */
export function choose(marks: Marks, item: string, mark: number): Marks {
  const rest = Object.fromEntries(Object.entries(marks).filter(([id]) => id !== item))
  return marks[item] === mark ? rest : { ...rest, [item]: mark }
}

export function leftOf(paper: Paper, marks: Marks): number {
  return paper.asked.filter(({ id }) => marks[id] === undefined).length
}

const pointsMax = 10

/** The word on a button. */
export function wordOf(item: Item, mark: number, grades: readonly string[]): string {
  if (item.max <= pointsMax) return String(mark / 100)
  return grades[item.marks.indexOf(mark)] ?? String(mark / 100)
}

/** The ticket of an address: its fragment, which is never sent. */
export function ticketOf(hash: string): string {
  return decodeURIComponent(hash.replace(/^#/, '')).trim()
}
