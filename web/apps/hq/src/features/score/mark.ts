/** Marks as people type them: points with up to two decimals; kept as hundredths. */

/** Hundredths of a typed mark; undefined for nothing, 'wrong' for what is no mark. */
export function hundredthsOf(text: string, max: number): number | undefined | 'wrong' {
  const plain = text.trim().replace('，', '.').replace('。', '.').replace(',', '.')
  if (plain === '') return undefined
  const parts = /^(\d{1,4})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!parts) return 'wrong'
  const value = Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
  return value > max * 100 ? 'wrong' : value
}

/** A mark as it is typed. */
export function textOf(hundredths: number | null | undefined): string {
  if (hundredths === null || hundredths === undefined) return ''
  const text = (hundredths / 100).toFixed(2)
  return text.replace(/\.?0+$/, '')
}

/** Where a key leads in a grid of so many rows and columns; undefined: it is no such key. */
export function neighbour(
  key: string,
  at: readonly [row: number, column: number],
  size: readonly [rows: number, columns: number],
): readonly [number, number] | undefined {
  const [row, column] = at
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Enter: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  }
  const step = steps[key]
  if (!step) return undefined
  const to = [row + step[0], column + step[1]] as const
  // Below the last row begins the next column.
  if (key === 'Enter' && to[0] === size[0] && column + 1 < size[1]) return [0, column + 1]
  return to[0] < 0 || to[1] < 0 || to[0] >= size[0] || to[1] >= size[1] ? at : to
}
