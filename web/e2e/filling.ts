/** Many rows at headquarters, put there by a device of ours. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

import type { Ready } from './server'

/**
 * Has a device record findings and another one, if there is a code for it, pull them; gives
 * the time of that pull in milliseconds.
 */
export function fill(ready: Ready, code: string, rows: number, other = ''): number {
  const origin = new URL(ready.field).origin
  const run = spawnSync(
    'go',
    ['run', './bench/fill', '-server', origin, '-code', code, '-rows', String(rows)].concat(
      other === '' ? [] : ['-other', other],
    ),
    { cwd: resolve(import.meta.dirname, '../..'), encoding: 'utf8' },
  )
  if (run.status !== 0) throw new Error(`fill: ${run.stderr}`)
  return Number(/in (\d+) ms/.exec(run.stdout)?.[1] ?? NaN)
}
