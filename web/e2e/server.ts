/** The real program, as `make run` starts it, on a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const program = process.env['SANSUIJI'] ?? join(root, 'build/sansuiji')

/** What the program says when it serves. */
export interface Ready {
  readonly hq: string
  readonly field: string
  readonly hq_login: string
  readonly hq_password: string
  readonly enrolment_code: string
  readonly campaign_id: string
}

/** Starts, stops and restarts one demo. */
export class Server {
  readonly data = mkdtempSync(join(tmpdir(), 'sansuiji-e2e-'))
  readonly #port: number
  #process: ChildProcess | undefined

  private constructor(port: number) {
    this.#port = port
  }

  static async prepare(): Promise<Server> {
    return new Server(await freePort())
  }

  /** Starts the program and waits until it serves. */
  async start(): Promise<Ready> {
    const child = spawn(
      program,
      ['demo', '--addr', `localhost:${String(this.#port)}`, '--data', this.data],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    this.#process = child
    return new Promise((found, failed) => {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const line = /^ready (\{.*\})$/m.exec(text)?.[1]
        if (line !== undefined) found(JSON.parse(line) as Ready)
      })
      child.on('exit', (code) => {
        failed(new Error(`the program ended with ${String(code)} before it served`))
      })
    })
  }

  /** Stops the program as an operator would, and gives its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null
    this.#process = undefined
    return new Promise((ended) => {
      child.on('exit', ended)
      child.kill('SIGTERM')
    })
  }

  /** Runs `sansuiji backup` beside the program that serves, and gives the copy. */
  backup(name: string): string {
    const file = join(this.data, name)
    this.#run('backup', '--data', this.data, file)
    return file
  }

  /** Runs `sansuiji restore` on the stopped program's folder. */
  restore(file: string): string {
    return this.#run('restore', '--data', this.data, file)
  }

  /** Puts an older database in its place and says nothing, as a disk's snapshot would. */
  rollBack(file: string): void {
    const database = join(this.data, 'sansuiji.db')
    for (const part of ['', '-wal', '-shm']) rmSync(database + part, { force: true })
    copyFileSync(file, database)
  }

  /** Runs `sansuiji device` on a phone's database without a phone; gives what it prints. */
  device(verb: string, ...args: readonly string[]): string {
    return this.#run('device', verb, '--file', join(this.data, 'device.db'), ...args).trim()
  }

  #run(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${args.join(' ')}: ${String(status)}\n${stdout}${stderr}`)
    return stdout
  }

  /** Runs `sansuiji fsck` on the stopped program's folder. */
  fsck(): { readonly code: number | null; readonly text: string } {
    const run = spawnSync(program, ['fsck', '--data', this.data], { encoding: 'utf8' })
    return { code: run.status, text: run.stdout + run.stderr }
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.data, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.on('error', failed)
    probe.listen(0, 'localhost', () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') found(address.port)
        else failed(new Error('no free port'))
      })
    })
  })
}

/** Reads a workbook with another program: sheets of rows of texts. */
export function readWorkbook(file: string): Record<string, string[][]> {
  const run = spawnSync('go', ['run', './web/e2e/workbook', file], { cwd: root, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`read workbook: ${run.stderr}`)
  return JSON.parse(run.stdout) as Record<string, string[][]>
}
