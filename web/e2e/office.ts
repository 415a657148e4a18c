/** What headquarters' console asks the server for, without its pages. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { commit, type Hash } from '@sansuiji/draw'

import type { Ready } from './server'

/** Somebody who is signed in at headquarters. */
export class Office {
  readonly #base: string
  readonly #cookie: string

  private constructor(base: string, cookie: string) {
    this.#base = base
    this.#cookie = cookie
  }

  static async signIn(ready: Ready): Promise<Office> {
    const origin = new URL(ready.hq).origin
    const login = await fetch(`${origin}/api/hq/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login: ready.hq_login, password: ready.hq_password }),
    })
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return new Office(`${origin}/api/hq/campaigns/${ready.campaign_id}`, cookie)
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(path))) as T
  }

  async bytes(path: string): Promise<Uint8Array> {
    const answer = await fetch(this.#base + path, { headers: { cookie: this.#cookie } })
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`)
    return new Uint8Array(await answer.arrayBuffer())
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    const answer = await fetch(this.#base + path, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  /** Posts what belongs to no campaign. */
  async global<T>(path: string, body: unknown): Promise<T> {
    return this.post(`/../..${path}`, body)
  }

  /** Codes of the units that a team visits, in the drawn order. */
  async unitsOf(team: string): Promise<readonly string[]> {
    const all = await this.get<readonly { team: string; code: string }[]>('/visits')
    return all.filter((visit) => visit.team === team).map(({ code }) => code)
  }

  /** Imports a table of an office, given as lines of comma-separated values. */
  async importTable(kind: string, lines: string): Promise<void> {
    const file = Buffer.from(lines).toString('base64')
    await this.post(`/import/${kind}`, { name: `${kind}.csv`, file })
  }

  /** Keeps a file that headquarters gives out. */
  async keep(path: string, folder: string, name: string): Promise<string> {
    const file = join(folder, name)
    writeFileSync(file, await this.bytes(path))
    return file
  }

  /** Holds the ceremony that gives the keys with which people are drawn at units. */
  async drawSites(ask: number, modes: readonly string[]): Promise<string> {
    const people = ['R1', 'R2', 'R3']
    const { id } = await this.post<{ id: string }>('/draws', {
      ...{ purpose: 'interview', scope: 'city', stratify: 'county', size: 'one' },
      sites: { ask, modes },
      public: { type: 'dice', sides: 10, people, throws: 7 },
      ...{ gap_s: 0, sealed: false },
    })
    const step = async (name: string, body?: unknown) => this.post(`/draws/${id}/${name}`, body)
    const { ceremony } = await this.get<{ ceremony: string }>(`/draws/${id}`)
    const secrets = ['hq', 'observer'].map((role, i) => {
      return { role, secret: String(i + 1).padStart(64, '0') as Hash }
    })
    for (const { role, secret } of secrets) {
      await step('commit', { role, commit: commit(ceremony, role, secret) })
    }
    await step('publish', { places: [{ where: '公示欄', evidence: 'sha256:21' }] })
    const digits = ['0877247', '3296991', '8975400']
    await step('throw', { throws: people.map((by, i) => ({ by, digits: digits[i] })) })
    for (const opened of secrets) await step('reveal', opened)
    await step('run')
    return id
  }
}

/** A site as headquarters lists it. */
export interface Site {
  readonly id: string
  readonly site: string
  readonly unit: string
  readonly code: string
  readonly state: string
  readonly done: number
  readonly flags: readonly string[]
}
