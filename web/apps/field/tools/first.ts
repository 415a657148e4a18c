/**
 * Makes what the page shows first one classic script. Browsers compile a classic script while the
 * service worker installs it and keep the code; a module from a service worker they parse at
 * every start, which on a phone takes longer than all else. The other screens stay modules, and
 * take what they share with the first one from a module that stands for it.
 */
import { createHash } from 'node:crypto'

import { parseSync, type Plugin, type Rolldown } from 'vite'

/** Where the script leaves what other screens share with it. */
const shared = 'globalThis.sansuijiFirst'

const chunkName = 'first'

/** The bundler's own helpers: a chunk without state, of which the script gets a copy. */
const helpersName = 'rolldown-runtime'

/** Puts an entry and all that it imports, but not what it loads later, into one chunk. */
export function firstGroup(entry: string): Rolldown.CodeSplittingGroup {
  let closure: Set<string> | undefined
  return {
    name: (id, context) => {
      closure ??= closureOf(entry, (module) => context.getModuleInfo(module))
      return closure.has(id) ? chunkName : null
    },
  }
}

function closureOf(entry: string, infoOf: Rolldown.GetModuleInfo): Set<string> {
  const found = new Set([entry])
  // A set that grows while it is walked is walked to its end.
  for (const id of found) {
    for (const next of infoOf(id)?.importedIds ?? []) found.add(next)
  }
  return found
}

/** Makes the script of the chunk, and has the page load it. */
export function classicFirst(): Plugin {
  return {
    name: 'classic-first',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
        const page = bundle['index.html']
        const first = chunks.find(({ name }) => name === chunkName)
        if (!first || page?.type !== 'asset')
          throw new Error('there is no first script, or no page')
        const helpers = chunks.find(({ name }) => name === helpersName)
        if (first.imports.some((file) => file !== helpers?.fileName)) {
          throw new Error(`the first script is not by itself: ${first.imports.join()}`)
        }
        const { script, module } = classic(first.code, helpers?.code ?? '')
        const hash = createHash('sha256').update(script).digest('base64url').slice(0, 8)
        const fileName = `assets/${chunkName}-${hash}.js`
        this.emitFile({ type: 'asset', fileName, source: script })
        first.code = module
        page.source = pageWith(String(page.source), fileName)
      },
    },
  }
}

/** Code without its imports and exports, and what they name: a name here, a name outside. */
interface Parts {
  readonly body: string
  readonly imports: readonly Names[]
  readonly exports: Names
}

type Names = readonly (readonly [here: string, outside: string])[]

/** The chunk as a classic script, and the module that gives others what it shares. */
function classic(code: string, helpersCode: string) {
  const { body: modular, imports, exports } = partsOf(code)
  const body = modular.replaceAll(/\bimport\.meta\b/g, '_here')
  const helpers = partsOf(helpersCode)
  const given = (names: Names) => names.map(([here, as]) => `get ${as}(){return ${here}}`).join()
  const taken = (names: Names) => names.map(([here, as]) => `${as}:${here}`).join()
  const copy = `(()=>{${helpers.body};return{${given(helpers.exports)}}})()`
  const wanted = imports.map((names) => `const{${taken(names)}}=${copy};`).join('')
  const aliases = exports.map(([, as], i) => [`_${String(i)}`, as] as const)
  return {
    script: `(()=>{const _here={url:document.currentScript.src};${wanted}${body};${shared}={${given(exports)}}})();`,
    module:
      `const{${taken(aliases)}}=${shared};` +
      `export{${aliases.map(([here, as]) => `${here} as ${as}`).join()}};`,
  }
}

function partsOf(code: string): Parts {
  let body = code
  const imports: Names[] = []
  const exports: (readonly [string, string])[] = []
  // From the end, so that what was not cut yet keeps its place.
  for (const node of parseSync('chunk.js', code).program.body.toReversed()) {
    if (node.type === 'ImportDeclaration') {
      imports.push(node.specifiers.map((one) => [one.local.name, nameOf(one)]))
    } else if (node.type === 'ExportNamedDeclaration' && !node.declaration) {
      exports.push(...node.specifiers.map((one) => [nameOf(one, 'local'), nameOf(one)] as const))
    } else if (/^Export/.test(node.type)) {
      throw new Error(`an export of another kind: ${node.type}`)
    } else continue
    body = body.slice(0, node.start) + body.slice(node.end)
  }
  return { body, imports, exports }
}

/** A name that a specifier has outside of its chunk, or in it. */
function nameOf(specifier: object, side?: 'local'): string {
  const keys = side ? [side] : ['imported', 'exported']
  const node: unknown = keys.map((key) => Reflect.get(specifier, key) as unknown).find(Boolean)
  const name: unknown = node && Reflect.get(node, 'name')
  if (typeof name !== 'string') throw new Error('a name that is none')
  return name
}

/** The page with the script in place of its modules. */
function pageWith(page: string, fileName: string): string {
  return page
    .replaceAll(/\s*<(script type="module"|link rel="modulepreload")[^>]*>(<\/script>)?/g, '')
    .replace('</body>', `  <script async src="/${fileName}"></script>\n  </body>`)
}
