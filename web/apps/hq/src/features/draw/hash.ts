/** Hashes as people compare them. */

/** A hash in groups of four. */
export function groupsOf(hash: string): readonly string[] {
  return hash.match(/.{1,4}/g) ?? []
}

/** The beginning of a hash, enough to tell ceremonies apart. */
export function shortHash(hash: string): string {
  return groupsOf(hash).slice(0, 3).join(' ')
}

/** A number in decimal, however long, with its thousands parted. */
export function groupDigits(decimal: string): string {
  return decimal.replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
