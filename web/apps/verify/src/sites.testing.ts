/** Villages of the ceremony of testdata/draw/village, each with its own roster and answers. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  canonical,
  hashOf,
  newSitesPlan,
  orderOf,
  parseCertificate,
  readRoster,
  rosterCode,
  rosterRoot,
  rosterSize,
  siteDraw,
  spec,
  type SiteRecord,
} from '@sansuiji/draw'
import { utf8 } from '@sansuiji/protocol'

import type { ReadFile } from './files'

const folder = join(import.meta.dirname, '../../../../testdata/draw/village')

/** A file of the vectors. */
export function villageFile(name: string): ReadFile {
  return { name, bytes: new Uint8Array(readFileSync(join(folder, name))) }
}

const { plan_hash, plan, throws } = parseCertificate(villageFile('certificate.json').bytes)
const ask = plan.sites?.ask ?? 0

/** The ceremony has five sites; draw/site_test.go makes the same keys. */
const secrets = Array.from({ length: 5 }, (_, i) => ({
  site: `V0${i}`,
  key: hashOf(createHash('sha256').update(Uint8Array.of(i)).digest()),
}))
const { proofs } = newSitesPlan(secrets, ask, plan.sites?.modes ?? [])

/** A site's files, made from its place in the plan. */
export interface Village {
  readonly record: SiteRecord
  readonly roster: ReadFile
}

/** Makes the village of a number from 0 to 4. */
export function madeVillage(n: number): Village {
  const [secret, proof] = [secrets[n], proofs[n]]
  if (secret === undefined || proof === undefined) throw new Error(`there is no village ${n}`)
  const { site, key } = secret
  const people = Array.from({ length: 30 + n }, (_, i) => `${n}-${i + 1},村民${i + 1}\n`)
  const bytes = utf8(`key,name\n${people.join('')}`)
  const roster = readRoster(bytes)
  const order = orderOf(roster, site, siteDraw(plan_hash, secret, throws, []))
  const results = ['completed', 'non-contact', 'refusal', 'completed', 'not-eligible']
  const contacts = results.map((result, i) => {
    return { key: order[i]?.key ?? '', at: `2026-11-25T02:${i + 10}:00Z`, result }
  })
  const told = { logged_at: '2026-11-25T01:00:00Z', opened_at: '2026-11-25T01:05:00Z' }
  const [root, code, size] = [rosterRoot(roster), rosterCode(roster, site), rosterSize(roster)]
  const record: SiteRecord = {
    ...{ spec, plan_hash, site, mode: 'envelope', n: ask, key, proof, root, code, size },
    ...{ official: 32, ...told, local: [], households: [], contacts },
  }
  return { record, roster: { name: `${n}.csv`, bytes } }
}

/** A record as a file. */
export function fileOf(record: SiteRecord): ReadFile {
  return { name: `${record.site}.json`, bytes: utf8(canonical(record)) }
}
