/** Checks a file: its bytes, and then what they prove. */
import { checkBytes, openGiven, type Members, type Opened } from './bytes'
import { checkCells, checkDraws, checkPhotos, checkSources } from './data'
import { readBytes, type Given } from './given'
import { load, MemberError, type Content } from './load'
import type { Manifest } from './manifest'
import { reason, resultOf, Step, stepNames, type Result, type StepName } from './report'
import { shareOf, type Share } from './share'
import { checkCheckpoint, checkEntries, checkSignatures, type Trail } from './trail'

/** What a check came to. */
export interface Checked {
  readonly result: Result
  /** In the order of their names. */
  readonly steps: readonly Step[]
  readonly manifest: Manifest | undefined
  /** What can be looked up; undefined: it could not be read, or is damaged. */
  readonly content: Content | undefined
  readonly trail: Trail | undefined
  /** What the cells rest on; undefined: what the bytes mean was not checked. */
  readonly share: Share | undefined
  readonly blobs: ReadonlyMap<string, Blob>
}

/** What is heard of a check under way: the step, and the share of it that is done. */
export interface Progress {
  readonly step: StepName
  readonly done: number
}

/** Is told of a check under way, and lets the page show it. */
export type Tell = (progress: Progress) => Promise<void>

/** Checks what was given; `known` is the key that a person has from somewhere else, or ''. */
export async function check(given: Given, known: string, tell: Tell): Promise<Checked> {
  const steps = new Map(stepNames.map((name) => [name, new Step(name)]))
  const step = (name: StepName) => steps.get(name) ?? new Step(name)
  const finish = (more: Partial<Checked>): Checked => {
    const list = [...steps.values()]
    const nothing = { manifest: undefined, content: undefined, trail: undefined, share: undefined }
    return { ...nothing, blobs: new Map(), ...more, steps: list, result: resultOf(list) }
  }
  await tell({ step: 'manifest', done: 0 })
  const opened = await openGiven(given, step('manifest'))
  if (opened === undefined) {
    leave(
      steps,
      stepNames.filter((name) => name !== 'manifest'),
    )
    return finish({})
  }
  sayKey(opened.manifest, known, step('manifest'))
  const about = { archive: step('archive'), members: step('members') }
  const members = await checkBytes(given, opened, about, (done, total) =>
    tell({ step: 'members', done: total > 0 ? done / total : 1 }),
  )
  const { manifest } = opened
  if ([...members.damaged].some((path) => !isAside(path))) {
    leave(steps, stepNames.slice(stepNames.indexOf('checkpoint')))
    return finish({ manifest, blobs: members.blobs })
  }
  return finish({ manifest, blobs: members.blobs, ...(await means(opened, members, step, tell)) })
}

/** Steps that cannot be done. */
function leave(steps: ReadonlyMap<StepName, Step>, names: readonly StepName[]): void {
  for (const name of names) {
    const step = steps.get(name)
    if (step) step.result = 'unknown'
  }
}

/** Members that what is proved does not rest on. */
function isAside(path: string): boolean {
  return (
    path.startsWith('photos/') ||
    path.startsWith('report.') ||
    /^rows\/.*\.csv$/.test(path) ||
    ['README.txt', 'verify.html'].includes(path)
  )
}

function sayKey(manifest: Manifest, known: string, step: Step): void {
  const { name, code, position, members, key } = manifest
  step.say(
    `批次 ${name}（${code}），歷史第 ${position} 條，共 ${members.length} 個文件`,
    `Campaign ${name} (${code}), position ${position}, ${members.length} members`,
  )
  if (known === '') {
    step.say(
      `由此密鑰簽名：${key}。請與從別處得到的總部公鑰核對。`,
      `Signed by ${key}. Compare it with headquarters’ key from somewhere else.`,
    )
  } else if (known === key) {
    step.say('由您給出的總部公鑰簽名', 'Signed by the key that you gave')
  } else {
    step.fault(
      'manifest.json',
      undefined,
      `由另一個密鑰簽名：${key}`,
      `signed by another key: ${key}`,
    )
  }
}

/** Checks what the bytes mean. */
async function means(
  opened: Opened,
  { blobs }: Members,
  step: (name: StepName) => Step,
  tell: Tell,
): Promise<Pick<Checked, 'content' | 'trail' | 'share'>> {
  const say = (name: StepName) => () => tell({ step: name, done: 0 })
  const content = await load(blobs).catch((error: unknown) => {
    const member = error instanceof MemberError ? error.member : ''
    const why = reason(error)
    step('checkpoint').fault(
      member,
      undefined,
      `不合規定寫法：${why}`,
      `not as it should be: ${why}`,
    )
    return undefined
  })
  if (content === undefined) {
    for (const name of stepNames.slice(stepNames.indexOf('entries'))) step(name).result = 'unknown'
    return { content: undefined, trail: undefined, share: undefined }
  }
  const checkpoint = blobs.get('history/checkpoint') ?? new Blob()
  checkCheckpoint(opened, await readBytes(checkpoint, 0, checkpoint.size), step('checkpoint'))
  const trail = await checkEntries(opened, content, step('entries'), say('entries'))
  await say('cells')()
  await checkCells(content, trail, blobs, step('cells'))
  await checkSignatures(opened, content, trail, step('signatures'), say('signatures'))
  checkSources(content, step('sources'))
  checkPhotos(content, opened.manifest, blobs, step('photos'))
  try {
    await checkDraws(content, blobs, step('draws'), say('draws'))
  } catch (error) {
    step('draws').fault(
      'draws',
      undefined,
      `無法讀取：${reason(error)}`,
      `cannot be read: ${reason(error)}`,
    )
  }
  return { content, trail, share: shareOf(content, trail, opened.key) }
}
