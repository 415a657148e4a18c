/** Code of the workspace as one script, for a page that has no server. */
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { build } from 'vite'

/** Puts the draws into an empty page: there `engine` is what engine.ts exports. */
export async function withEngine(page: Page): Promise<void> {
  await page.goto('about:blank')
  await page.addScriptTag({ content: await (script ??= bundled('engine.ts')) })
}

let script: Promise<string> | undefined

async function bundled(entry: string): Promise<string> {
  const lib = {
    entry: join(import.meta.dirname, entry),
    name: 'engine',
    formats: ['iife' as const],
  }
  const built = await build({
    ...{ configFile: false, logLevel: 'silent', publicDir: false },
    build: { write: false, target: 'es2022', lib },
  })
  const [one] = Array.isArray(built) ? built : [built]
  if (!('output' in one)) throw new Error(`bundle ${entry}: nothing came out`)
  return one.output[0].code
}
