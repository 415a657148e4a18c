/** What an auditor does: keeps the verifier as a file, and gives it the files of a draw. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { picture } from './browser'

/** Wants the one-file verifier that the server gives out to find that a draw holds. */
export async function verifyInFile(page: Page, files: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sansuiji-auditor-'))
  const auditor = await page.context().newPage()
  try {
    const given = await fetch(`${new URL(page.url()).origin}/verify.html`)
    writeFileSync(join(folder, 'verify.html'), await given.text())
    await auditor.goto(`file://${join(folder, 'verify.html')}`)
    // It knows files by what is in them.
    await auditor
      .locator('input[type=file]')
      .first()
      .setInputFiles([...files])
    await auditor.getByText('成立', { exact: true }).first().waitFor()
    await picture(auditor, 'verifier')
  } finally {
    await auditor.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
