/** What changed between two texts, in pieces a person can read. */

export interface Piece {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Beyond this many compared pairs two texts are shown whole, one replaced by the other. */
const pairsMax = 4_000_000

/** With less than this part in common, marks inside a text would only confuse. */
const alikeMin = 0.3

/** The pieces that lead from one text to the other, in reading order. */
export function diffText(before: string, after: string): readonly Piece[] {
  const a = wordsOf(before)
  const b = wordsOf(after)
  const head = commonHead(a, b)
  const tail = commonTail(a.slice(head), b.slice(head))
  const middle = diffWords(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const pieces = joined([
    ...a.slice(0, head).map((text): Piece => ({ kind: 'same', text })),
    ...middle,
    ...a.slice(a.length - tail).map((text): Piece => ({ kind: 'same', text })),
  ])
  return isAlike(pieces, Math.max(before.length, after.length)) ? pieces : replaced(before, after)
}

function isAlike(pieces: readonly Piece[], length: number): boolean {
  const same = pieces.reduce((sum, { kind, text }) => sum + (kind === 'same' ? text.length : 0), 0)
  return same >= alikeMin * length
}

function replaced(before: string, after: string): readonly Piece[] {
  return joined([
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ])
}

/** Latin words and numbers stay whole; every other character is compared by itself. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{Script=Latin}\p{Nd}]+|\s+|./gsu) ?? []
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  return n
}

function commonTail(a: readonly string[], b: readonly string[]): number {
  let n = 0
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++
  return n
}

function diffWords(a: readonly string[], b: readonly string[]): readonly Piece[] {
  const removed: Piece = { kind: 'removed', text: a.join('') }
  const added: Piece = { kind: 'added', text: b.join('') }
  if (a.length * b.length > pairsMax || a.length === 0 || b.length === 0) return [removed, added]
  const common = commonLengths(a, b)
  const at = (i: number, j: number): number => common[i * (b.length + 1) + j] ?? 0
  const pieces: Piece[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = a[i]
    const right = b[j]
    if (left !== undefined && left === right) {
      pieces.push({ kind: 'same', text: left })
      i++
      j++
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ kind: 'removed', text: left })
      i++
    } else {
      pieces.push({ kind: 'added', text: right ?? '' })
      j++
    }
  }
  return pieces
}

/** For each pair of ends, the length of the longest common subsequence from there on. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const down = lengths[(i + 1) * width + j] ?? 0
      const right = lengths[i * width + j + 1] ?? 0
      const diagonal = lengths[(i + 1) * width + j + 1] ?? 0
      lengths[i * width + j] = a[i] === b[j] ? diagonal + 1 : Math.max(down, right)
    }
  }
  return lengths
}

/** Joins neighbours of one kind; within a change what was removed comes first. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = []
  let removed = ''
  let added = ''
  const flush = (): void => {
    if (removed) result.push({ kind: 'removed', text: removed })
    if (added) result.push({ kind: 'added', text: added })
    removed = added = ''
  }
  for (const { kind, text } of pieces) {
    switch (kind) {
      case 'removed':
        removed += text
        break
      case 'added':
        added += text
        break
      case 'same': {
        if (!text) break
        flush()
        const last = result.at(-1)
        if (last?.kind === 'same') result[result.length - 1] = { kind, text: last.text + text }
        else result.push({ kind, text })
      }
    }
  }
  flush()
  return result
}
