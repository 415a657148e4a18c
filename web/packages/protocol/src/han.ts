/**
 * Which Chinese characters are one when people look for something: traditional and simplified
 * ones, and variants. The same file and rule as Go's package han. It is large: fetch it when it
 * is wanted, by `import('@sansuiji/protocol/han')`.
 */
import classes from '../../../../schema/han/classes.json'

const table = new Map<string, string>()
for (const row of classes) {
  for (const members of row.split(' ')) {
    for (const one of members) table.set(one, members.slice(0, 1))
  }
}

/** A text with the character that stands for all that are one with it in place of each. */
export function foldHan(text: string): string {
  return Array.from(text, (one) => table.get(one) ?? one).join('')
}
