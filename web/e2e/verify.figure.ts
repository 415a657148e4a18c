/**
 * How long the one-file verifier needs for a city of 2,200 units on a computer a
 * quarter as fast as this one, held against the program's own verification.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { Profile } from './browser'
import { median, print } from './figure'
import { deskSize } from './hq'

const rounds = 5
const slowdown = 4
const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'sansuiji-verify-'))
const file = (name: string) => join(folder, name)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

beforeAll(() => {
  const rows = Array.from({ length: 2200 }, (_, i) => {
    const place = `${String((i * 7477) % 150_000)},${String((i * 9973) % 150_000)}`
    return `V${String(i).padStart(5, '0')},C${String(i % 11).padStart(2, '0')},${String(50 + (i % 900))},${place},村${String(i)}`
  })
  writeFileSync(file('frame.csv'), `id,stratum,size,x_m,y_m,name\n${rows.join('\n')}\n`)
  certify('routes', { ...settings, routes })
  certify('units', settings)
})

/** Plays a ceremony on the command line and keeps its certificate under a name. */
function certify(name: string, decided: object): void {
  for (const one of ['hq.json', 'observer.json']) rmSync(file(one), { force: true })
  writeFileSync(file('settings.json'), JSON.stringify(decided))
  draw('plan', '--frame frame.csv --settings settings.json --out plan.json')
  for (const role of ['hq', 'observer']) {
    draw('commit', `--plan plan.json --role ${role} --secret ${role}.json`)
  }
  draw(
    'dice',
    '--plan plan.json --published 報紙,2026-11-20T01:00:00Z,sha256:1 --at 2026-11-20T03:00:00Z ' +
      '--throw A=1234567 --throw B=7654321 --throw C=1112223 --out ceremony.json',
  )
  for (const role of ['hq', 'observer'])
    draw('reveal', `--ceremony ceremony.json --secret ${role}.json`)
  draw('run', `--ceremony ceremony.json --frame frame.csv --out ${name}.json`)
}

const settings = {
  campaign: '2026Q4',
  purpose: 'branch',
  scope: 'city',
  sample: {
    ...{ design: 'pareto', rule: 'webster', n: 200, floor: 2, weight: 'units' },
    ...{ reserve_ppm: 500_000, reserve_min: 1 },
  },
  teams: { teams: ['T1', 'T2', 'T3', 'T4', 'T5'].map((id) => ({ id, cap: 3 })) },
  public: { type: 'dice', sides: 10, people: ['A', 'B', 'C'], throws: 7 },
  gap_s: 3600,
}

const routes = {
  ...{ depot_x_m: 75_000, depot_y_m: 75_000, detour_permille: 1300 },
  ...{ budget_percent: 115, moves: 1250 },
}

function run(args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(root, 'build/sansuiji'), args, {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
}

function draw(step: string, options: string): void {
  run(['draw', step, ...options.split(' ')])
}

test.each([
  { name: 'units', what: '2,200 units' },
  { name: 'routes', what: '2,200 units and routes over 200 stops' },
])('the verifier of $what', async ({ name, what }) => {
  const native: number[] = []
  const browser: number[] = []
  const profile = new Profile(deskSize)
  try {
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now()
      run(['verify', `${name}.json`, '--frame', 'frame.csv'])
      native.push(performance.now() - begun)
      browser.push(await verifyInBrowser(profile, name))
    }
  } finally {
    await profile.remove()
  }
  print({
    name: `verify ${what} in Chromium, ${String(slowdown)}× slowed down`,
    value: median(browser),
    unit: 'ms',
    baseline: median(native),
  })
})

/** In the page itself: Chromium does not slow down workers. */
async function verifyInBrowser(profile: Profile, name: string): Promise<number> {
  const page = await profile.open('about:blank')
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'))
  await page.goto(`file://${join(root, 'web/dist/verify/index.html')}`)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const inputs = page.locator('input[type=file]')
  await inputs.nth(0).setInputFiles(file(`${name}.json`))
  const begun = performance.now()
  await inputs.nth(1).setInputFiles(file('frame.csv'))
  await page.getByText('成立', { exact: true }).first().waitFor({ timeout: 120_000 })
  const took = performance.now() - begun
  expect(await page.getByText('不成立').count()).toBe(0)
  await profile.kill()
  return took
}
