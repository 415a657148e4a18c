/**
 * A server in front of the program that gives out the field app's next version once it is
 * released: the same code under other names, and one more step of the phone's tables.
 */
import { readdirSync, readFileSync } from 'node:fs'
import {
  createServer,
  request,
  type IncomingMessage,
  type Server as Listener,
  type ServerResponse,
} from 'node:http'
import { join } from 'node:path'

const migrations = join(import.meta.dirname, '../../schema/sql/device')

/** Stands between a phone and the program. */
export class NextVersion {
  /** Whether the next version is given out. */
  released = false
  /** Whether headquarters can be reached; the app's files always can. */
  away = false
  #listener: Listener | undefined

  /** Starts in front of a port; gives the address of the app. */
  async open(to: number): Promise<string> {
    const listener = createServer((asked, answer) => {
      if (this.away && (asked.url ?? '').startsWith('/api/')) asked.socket.destroy()
      else this.#pass(to, asked, answer)
    })
    this.#listener = listener
    return new Promise((found) => {
      listener.listen(0, 'localhost', () => {
        const at = listener.address()
        const port = typeof at === 'object' && at ? at.port : 0
        found(`http://localhost:${String(port)}/`)
      })
    })
  }

  #pass(to: number, asked: IncomingMessage, answer: ServerResponse): void {
    const { method, url = '/' } = asked
    const headers = { ...asked.headers, 'accept-encoding': 'identity' }
    const path = url.replace('.next.js', '.js')
    const onward = request({ port: to, host: 'localhost', method, path, headers }, (given) => {
      const chunks: Buffer[] = []
      given.on('data', (chunk: Buffer) => chunks.push(chunk))
      given.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = this.released && /html|javascript/.test(given.headers['content-type'] ?? '')
        const body = text ? Buffer.from(nextOf(bytes.toString())) : bytes
        const about = { ...given.headers, 'content-length': String(body.length) }
        for (const name of ['etag', 'transfer-encoding']) Reflect.deleteProperty(about, name)
        answer.writeHead(given.statusCode ?? 502, about)
        answer.end(body)
      })
    })
    onward.on('error', () => asked.socket.destroy())
    asked.pipe(onward)
  }

  async close(): Promise<void> {
    const listener = this.#listener
    listener?.closeAllConnections()
    if (listener) await new Promise((done) => listener.close(done))
  }
}

/** A page or script as the next version has it. */
function nextOf(text: string): string {
  return text
    .replaceAll(/\b([\w.]+-[\w-]{8})\.js\b/g, '$1.next.js')
    .replace(/(url:"index\.html",revision:")\w+/, '$1next')
    .replace(lastStep(), (step) => `${step},"CREATE TABLE next_version (id INTEGER PRIMARY KEY)"`)
}

/** The end of the tables' last step, as scripts have it. */
function lastStep(): string {
  const name = readdirSync(migrations).sort().at(-1) ?? ''
  const lines = readFileSync(join(migrations, name), 'utf8').trimEnd().split('\n')
  return `${lines.at(-1) ?? ''}\n\``
}
