import { createHash } from 'node:crypto'

import type { Plugin, Rolldown } from 'vite'

type Output = Rolldown.OutputAsset | Rolldown.OutputChunk

/**
 * Makes one HTML file of what is built, which works when it is opened from a disk: the
 * script and the style stand in it, named by their hashes in a policy that allows
 * nothing else but more rules of the page's own, above all no connection.
 */
export function oneFile(...more: readonly string[]): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle)
      const page = files.find((file) => file.fileName.endsWith('.html'))
      if (page?.type !== 'asset') this.error('there is no page')
      const script = textOf(files, '.js').replaceAll('</script', '<\\/script')
      const style = textOf(files, '.css')
      page.source = withPolicy(String(page.source), policyOf(script, style, more))
        .replace(/\s*<script type="module".*<\/script>/, '')
        .replace(/<link rel="stylesheet".*>/, () => `<style>${style}</style>`)
        .replace('</body>', () => `<script>${script}</script>\n  </body>`)
      for (const file of files) if (file !== page) Reflect.deleteProperty(bundle, file.fileName)
    },
  }
}

function textOf(files: readonly Output[], ending: string): string {
  return files
    .filter(({ fileName }) => fileName.endsWith(ending))
    .map((file) => (file.type === 'chunk' ? file.code : String(file.source)).trim())
    .join('\n')
}

/** The script is its own worker, so that the page never freezes. */
function policyOf(script: string, style: string, more: readonly string[]): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const rules = [
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'worker-src blob:',
    ...more,
  ]
  return ["default-src 'none'", ...rules, "base-uri 'none'", "form-action 'none'"].join('; ')
}

function withPolicy(page: string, policy: string): string {
  const charset = '<meta charset="utf-8" />'
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`
  return page.replace(charset, () => `${charset}\n    ${meta}`)
}
