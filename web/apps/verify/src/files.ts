/** Which of the dropped files is which. */

/** What a file is for. */
export type Role = 'certificate' | 'frame' | 'log'

/** All roles, in the order in which they are asked for. */
export const roles: readonly Role[] = ['certificate', 'frame', 'log']

/** A file that was read. */
export interface ReadFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** How much of a file is looked at. */
const glance = 1 << 20

/**
 * What a file seems to be for: by what stands in it, and by its name where that says
 * nothing. What is neither is a frame, whose reader says what is wrong with it.
 */
export function roleOf({ name, bytes }: ReadFile): Role {
  const text = new TextDecoder().decode(bytes.subarray(0, glance)).trimStart()
  const lower = name.toLowerCase()
  if (!text.startsWith('{')) {
    if (lower.endsWith('.jsonl')) return 'log'
    return lower.endsWith('.json') ? 'certificate' : 'frame'
  }
  const [first = '', next] = text.split('\n', 2)
  const whole = first.trimEnd().endsWith('}')
  if (whole && !first.includes('"plan"')) return first.includes('"id"') ? 'frame' : 'certificate'
  const lines = whole && (next?.startsWith('{') === true || lower.endsWith('.jsonl'))
  return lines ? 'log' : 'certificate'
}

/** Hashes as people write them down: in groups, one to a line. */
export function hashesIn(text: string): readonly string[] {
  const lines = text.split(/[\n,;，；、]/).map((line) => line.replace(/\s/g, '').toLowerCase())
  return lines.filter((line) => line !== '')
}

/** A hash in groups of four, to be compared. */
export function groupsOf(hash: string): readonly string[] {
  return hash.match(/.{1,4}/g) ?? []
}
