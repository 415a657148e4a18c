/** Checks the bytes of a file: every one is a member's, or of the structure around members. */
import { compareBytes, join, toHex } from '@sansuiji/protocol'

import { crc32, locate } from './crc'
import { readBytes, type Given } from './given'
import {
  centralHeader,
  centralSign,
  centralSize,
  closing,
  dataOf,
  endSign,
  endSize,
  localHeader,
  localSign,
  localSize,
  locatorSize,
  most32,
  place,
  stampOf,
  wideEndSize,
  type Placed,
} from './layout'
import { manifestPath, notePath, openManifest, type Manifest, type Signed } from './manifest'
import type { Step } from './report'
import { sumsOf } from './sums'
import { textFor } from './texts'

/** A member where it was found, with the CRC-32 that its header says. */
interface Found extends Placed {
  readonly crc: number
}

const pathMax = 200
const headMax = 512 << 20

/** Finds manifest and note in an archive: by their own headers, or by the directory at the end. */
async function firstOf(blob: Blob, byDirectory: boolean): Promise<readonly [Found, Found]> {
  const [manifest, note] = await (byDirectory ? viaDirectory(blob) : viaHeaders(blob))
  const isIt =
    manifest?.path === manifestPath &&
    note?.path === notePath &&
    manifest.offset === 0 &&
    note.offset === dataOf(manifest) + manifest.size &&
    manifest.size <= headMax &&
    note.size <= 8 << 10
  if (!isIt) throw new Error('no archive of this form')
  return [manifest, note]
}

async function viaHeaders(blob: Blob): Promise<readonly Found[]> {
  const list: Found[] = []
  for (let at = 0; list.length < 2;) {
    const head = viewOf(await readBytes(blob, at, localSize))
    if (head.getUint32(0, true) !== localSign) throw new Error('no header')
    const name = await nameAt(blob, at + localSize, head.getUint16(26, true))
    const size = head.getUint32(22, true)
    list.push({ path: name, size, offset: at, crc: head.getUint32(14, true) })
    at += localSize + head.getUint16(26, true) + size
  }
  return list
}

async function viaDirectory(blob: Blob): Promise<readonly Found[]> {
  const end = viewOf(await readBytes(blob, blob.size - endSize, endSize))
  if (end.getUint32(0, true) !== endSign) throw new Error('no ending')
  let at = end.getUint32(16, true)
  if (at === most32) {
    const wide = blob.size - endSize - locatorSize - wideEndSize
    at = Number(viewOf(await readBytes(blob, wide, wideEndSize)).getBigUint64(48, true))
  }
  const list: Found[] = []
  while (list.length < 2) {
    const head = viewOf(await readBytes(blob, at, centralSize))
    if (head.getUint32(0, true) !== centralSign) throw new Error('no directory')
    const length = head.getUint16(28, true)
    const [crc, size, offset] = [16, 20, 42].map((place) => head.getUint32(place, true))
    const path = await nameAt(blob, at + centralSize, length)
    list.push({ path, size: size ?? 0, offset: offset ?? 0, crc: crc ?? 0 })
    at += centralSize + length
  }
  return list
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

async function nameAt(blob: Blob, at: number, length: number): Promise<string> {
  return new TextDecoder().decode(await readBytes(blob, at, Math.min(length, pathMax)))
}

/** What was found of manifest and note. */
export interface Opened extends Signed {
  /** Sizes of manifest and note. */
  readonly sizes: readonly [number, number]
}

/** Finds the manifest, and wants headquarters' signature over it. */
export async function openGiven(given: Given, step: Step): Promise<Opened | undefined> {
  return given.kind === 'zip' ? openArchive(given.blob, step) : openFolder(given.files, step)
}

async function openFolder(
  files: ReadonlyMap<string, Blob>,
  step: Step,
): Promise<Opened | undefined> {
  const [bytes, note] = [files.get(manifestPath), files.get(notePath)]
  if (bytes === undefined || note === undefined) {
    step.fault(notePath, undefined, '不在文件夾中', 'it is not in the folder')
    return undefined
  }
  try {
    const read = await Promise.all([bytes, note].map((one) => readBytes(one, 0, one.size)))
    const [manifest = new Uint8Array(), signature = new Uint8Array()] = read
    return { ...openManifest(manifest, signature), sizes: [bytes.size, note.size] }
  } catch {
    step.fault(
      notePath,
      undefined,
      '總部對清單的簽名不成立',
      'headquarters’ signature over the manifest does not verify',
    )
    return undefined
  }
}

async function openArchive(blob: Blob, step: Step): Promise<Opened | undefined> {
  let found: readonly [Found, Found] | undefined
  for (const byDirectory of [true, false]) {
    try {
      const list = await firstOf(blob, byDirectory)
      found ??= list
      const [manifest, note] = await Promise.all(list.map((one) => bytesAt(blob, one)))
      if (manifest === undefined || note === undefined) continue
      return { ...openManifest(manifest, note), sizes: [list[0].size, list[1].size] }
    } catch {
      // The other way may be left.
    }
  }
  if (found === undefined) {
    step.fault(
      '',
      undefined,
      '不是證據包，或者開頭和結尾都已損壞',
      'this is no evidence file, or both its beginning and its end are damaged',
    )
    return undefined
  }
  await blame(blob, found, step)
  return undefined
}

function bytesAt(blob: Blob, one: Placed): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(blob, dataOf(one), one.size)
}

/** Finds the byte of manifest or note without whose change the signature would verify. */
async function blame(blob: Blob, found: readonly [Found, Found], step: Step): Promise<void> {
  const [manifest, note] = await Promise.all(found.map((one) => bytesAt(blob, one)))
  if (manifest === undefined || note === undefined) return
  for (const [one, bytes] of [
    [found[0], manifest],
    [found[1], note],
  ] as const) {
    const have = crc32(bytes)
    if (have === one.crc) continue
    let place: number | undefined
    await locate(bytes.length, have, one.crc, (at, change) => {
      bytes[at] = (bytes[at] ?? 0) ^ change
      const holds = verifies(manifest, note)
      bytes[at] = (bytes[at] ?? 0) ^ change
      if (holds) place = at
      return Promise.resolve(holds)
    })
    step.fault(one.path, place, '字節被改動', 'the byte was changed')
    return
  }
  step.fault(
    notePath,
    undefined,
    '總部對清單的簽名不成立',
    'headquarters’ signature over the manifest does not verify',
  )
}

function verifies(manifest: Uint8Array, note: Uint8Array): boolean {
  try {
    openManifest(manifest, note)
    return true
  } catch {
    return false
  }
}

/** What is known of the members after their bytes were read. */
export interface Members {
  readonly blobs: ReadonlyMap<string, Blob>
  readonly damaged: ReadonlySet<string>
}

/** Is told how many bytes were read, of how many. */
export type Progress = (done: number, total: number) => Promise<void>

/** Reads every member, and the structure around them. */
export async function checkBytes(
  given: Given,
  { manifest, sizes }: Opened,
  steps: { readonly archive: Step; readonly members: Step },
  progress: Progress,
): Promise<Members> {
  const members =
    given.kind === 'zip'
      ? await checkArchive(given.blob, manifest, sizes, steps, progress)
      : await checkFolder(given.files, manifest, steps, progress)
  const total = manifest.members.reduce((sum, { size }) => sum + size, 0)
  const count = manifest.members.length
  steps.members.say(`共 ${count} 個文件，${total} 字節`, `${count} members, ${total} bytes`)
  if (steps.members.result === 'holds') {
    steps.members.say('每個字節都與總部打包時相同', 'Every byte is as headquarters packed it')
  }
  return members
}

async function checkFolder(
  files: ReadonlyMap<string, Blob>,
  { members }: Manifest,
  steps: { readonly archive: Step; readonly members: Step },
  progress: Progress,
): Promise<Members> {
  steps.archive.say(
    '給的是解開的文件夾，沒有 ZIP 結構可查',
    'A folder was given: there is no archive to check',
  )
  const damaged = new Set<string>()
  for (const [i, { path, size, sha256 }] of members.entries()) {
    await progress(i, members.length)
    const blob = files.get(path)
    const sums = blob?.size === size ? await sumsOf(blob) : undefined
    if (sums?.sha256 === sha256) continue
    damaged.add(path)
    if (blob === undefined) steps.members.fault(path, undefined, '不在文件夾中', 'it is not there')
    else tellChanged(steps.members, path, sha256)
  }
  return { blobs: files, damaged }
}

function tellChanged(step: Step, path: string, sha256: string): void {
  step.fault(
    path,
    undefined,
    `內容被改動，SHA-256 應為 ${sha256}`,
    `it was changed; its SHA-256 must be ${sha256}`,
  )
}

async function checkArchive(
  blob: Blob,
  manifest: Manifest,
  sizes: readonly [number, number],
  steps: { readonly archive: Step; readonly members: Step },
  progress: Progress,
): Promise<Members> {
  const first = [
    { path: manifestPath, size: sizes[0], sha256: undefined },
    { path: notePath, size: sizes[1], sha256: undefined },
  ]
  const list = [...first, ...manifest.members]
  const places = place(list)
  const [at, total] = [stampOf(manifest.at), manifest.members.reduce((n, { size }) => n + size, 0)]
  const [blobs, damaged] = [new Map<string, Blob>(), new Set<string>()]
  const central: Uint8Array[] = []
  let [done, cut] = [0, 0]
  for (const [i, one] of places.entries()) {
    if (one.offset >= blob.size) {
      // It is told once where the file ends.
      cut++
      damaged.add(one.path)
      steps.members.result = 'fails'
      continue
    }
    await progress(done, total)
    const part = blob.slice(dataOf(one), dataOf(one) + one.size)
    blobs.set(one.path, part)
    const crc = await checkMember(blob, part, one, list[i]?.sha256, at, steps)
    if (crc.damaged) damaged.add(one.path)
    central.push(centralHeader(one, crc.crc, at))
    done += one.size
  }
  const last = places.at(-1)
  const directory = last ? dataOf(last) + last.size : 0
  const entries = join(...central)
  const must = join(entries, closing(places.length, entries.length, directory))
  await checkStructure(blob, directory, cut, must, steps.archive)
  return { blobs, damaged }
}

/** Checks the bytes of a member, and its header; gives the CRC-32 that the directory must have. */
async function checkMember(
  blob: Blob,
  part: Blob,
  one: Placed,
  sha256: string | undefined,
  at: ReturnType<typeof stampOf>,
  steps: { readonly archive: Step; readonly members: Step },
): Promise<{ readonly crc: number; readonly damaged: boolean }> {
  const sums = await sumsOf(part)
  const head = await readBytes(blob, one.offset, localSize).catch(() => undefined)
  const stored = head ? viewOf(head).getUint32(14, true) : sums.crc
  const damaged = sha256 !== undefined && sums.sha256 !== sha256
  if (damaged) await tellDamage(part, one, sums.crc, stored, sha256, steps.members)
  const crc = damaged ? stored : sums.crc
  const differs = await compare(blob, one.offset, localHeader(one, crc, at))
  if (differs !== undefined) {
    steps.archive.fault(
      '',
      differs,
      `「${one.path}」的文件頭被改動`,
      `the header of ${one.path} was changed`,
    )
  }
  return { crc, damaged }
}

async function tellDamage(
  part: Blob,
  one: Placed,
  crc: number,
  stored: number,
  sha256: string,
  step: Step,
): Promise<void> {
  if (part.size < one.size) {
    step.fault(one.path, part.size, '文件在此中斷', 'the file ends here')
    return
  }
  const isIt = async (at: number, change: number) => {
    if ((await sumsOf(part, { at, change })).sha256 !== sha256) return false
    const is = (await readBytes(part, at, 1))[0] ?? 0
    const [was, must] = [hex(is), hex(is ^ change)]
    const whole = dataOf(one) + at
    step.fault(
      one.path,
      at,
      `字節被改動：是 ${was}，應為 ${must}（ZIP 第 ${whole} 字節）`,
      `the byte was changed: it is ${was} and must be ${must} (byte ${whole} of the ZIP)`,
    )
    return true
  }
  if (!(await locate(part.size, crc, stored, isIt))) tellChanged(step, one.path, sha256)
}

function hex(byte: number): string {
  return toHex(Uint8Array.of(byte))
}

/** Wants the directory and the ending, unless the file ends before them. */
async function checkStructure(
  blob: Blob,
  directory: number,
  cut: number,
  must: Uint8Array,
  step: Step,
): Promise<void> {
  if (blob.size <= directory) {
    const { zh, en } = textFor('cut', { count: cut.toLocaleString('en') })
    step.fault('', blob.size, zh, en)
    return
  }
  const differs = await compare(blob, directory, must)
  if (differs !== undefined) {
    step.fault('', differs, 'ZIP 目錄被改動', 'the directory of the ZIP was changed')
  }
  const want = directory + must.length
  if (blob.size !== want) {
    step.fault(
      '',
      Math.min(blob.size, want),
      `文件長 ${blob.size} 字節，應為 ${want} 字節`,
      `the file has ${blob.size} bytes and must have ${want}`,
    )
  }
  if (step.result === 'holds') {
    step.say('沒有清單以外的字節', 'There is no byte beside what the manifest says')
  }
}

/** Tells the first byte at a place that is not as it must be; undefined: all are. */
async function compare(blob: Blob, offset: number, must: Uint8Array): Promise<number | undefined> {
  const size = Math.max(0, Math.min(must.length, blob.size - offset))
  const have = size === 0 ? new Uint8Array() : await readBytes(blob, offset, size)
  if (compareBytes(have, must) === 0) return undefined
  const differs = have.findIndex((byte, i) => byte !== must[i])
  return offset + (differs < 0 ? have.length : differs)
}
