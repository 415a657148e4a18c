/** Figures in the form that `make bench` prints them. */

/** One measured thing and what it is held against. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly baseline: number
}

/** Prints a figure: name, value, unit, baseline and ratio, separated by tabs. */
export function print(figure: Figure): void {
  const { name, value, unit, baseline } = figure
  const line = [name, value.toFixed(0), unit, baseline.toFixed(0), (value / baseline).toFixed(2)]
  process.stdout.write(`${line.join('\t')}\n`)
}

/** The median of some measurements. */
export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

/** The value that so many percent of some measurements do not exceed. */
export function percentile(list: readonly number[], percent: number): number {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? NaN
}
