/** Which of the dropped files is which. */

/** What a file is for. */
export type Role = 'certificate' | 'frame' | 'log' | 'record' | 'roster'

/** All roles, in the order in which they are asked for. */
export const roles: readonly Role[] = ['certificate', 'frame', 'log', 'record', 'roster']

/** Roles that more than one file can have: each site has its own. */
const ofSites: readonly Role[] = ['record', 'roster']

/** A file that was read. */
export interface ReadFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The files that are there. */
export type Kept = ReadonlyMap<Role, readonly ReadFile[]>

/** The files with one more; the same file twice is one. */
export function withFile(kept: Kept, role: Role, file: ReadFile): Kept {
  const before = ofSites.includes(role) ? (kept.get(role) ?? []) : []
  return new Map(kept).set(role, [...before.filter((one) => !isSame(one, file)), file])
}

/** The files without those of a role. */
export function without(kept: Kept, role: Role): Kept {
  return new Map([...kept].filter(([one]) => one !== role))
}

function isSame({ bytes: a }: ReadFile, { bytes: b }: ReadFile): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** How much of a file is looked at. */
const glance = 1 << 20

/**
 * What a file is for: by what stands in it; where that says nothing, what it was chosen
 * for. A certificate alone may be a log of one ceremony. Any other table is a frame, whose reader says what is wrong with it.
 */
export function roleOf({ name, bytes }: ReadFile, chosenFor?: Role): Role | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, glance)).trimStart()
  const lower = name.toLowerCase()
  const role = text.startsWith('{') ? roleOfObject(text, lower) : roleOfTable(text)
  if (role === 'certificate' && chosenFor === 'log') return chosenFor
  return role ?? chosenFor ?? (lower.endsWith('.csv') ? 'frame' : undefined)
}

function roleOfObject(text: string, name: string): Role | undefined {
  const [first = '', next] = text.split('\n', 2)
  const whole = first.trimEnd().endsWith('}')
  const has = (key: string) => new RegExp(`"${key}"\\s*:`).test(whole ? first : text)
  if (has('plan')) {
    const lines = whole && (next?.startsWith('{') === true || name.endsWith('.jsonl'))
    return lines ? 'log' : 'certificate'
  }
  if (has('site') && has('mode')) return 'record'
  return whole && has('id') ? 'frame' : undefined
}

function roleOfTable(text: string): Role | undefined {
  const columns = (text.split('\n', 1)[0] ?? '').split(',')
  const has = (name: string) => columns.some((column) => column.replace(/[\s"]/g, '') === name)
  if (has('id') && has('stratum')) return 'frame'
  return has('key') ? 'roster' : undefined
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
