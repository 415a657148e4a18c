/**
 * Puts into one file what headquarters may lack: entries, signed as they are, and bytes of
 * attachments. syncengine/bundle describes the file. It is sealed to the key that
 * headquarters told with a token; a device that was never told can only write it in clear.
 */
import { encodeCbor, headBytes, utf8, type Bytes, type PushRequest } from '@sansuiji/protocol'

import type { Store } from './capture'
import type { DeviceKey } from './keys'
import { batchLimit } from './push'
import { countEntries, entriesAfter, type OutboxEntry } from './outbox'
import type { PhotoFiles } from './photoFiles'
import { recipientsOf, sealing } from './seal'
import { getNumber, getText, requireIdentity } from './state'
import { tarOf, type Member } from './tar'
import { bytesHere, readBytes, type Bytes as Here } from './uploadBytes'

/** A bundle that can be written. */
export interface Bundle {
  /** What a saved file is called. */
  readonly name: string
  /** In the file, and how many of them headquarters has not acknowledged. */
  readonly entries: number
  readonly unsent: number
  readonly attachments: number
  readonly sealed: boolean
  /** About how large it will be. Bytes. */
  readonly size: number
  readonly stream: () => Promise<ReadableStream<Uint8Array>>
}

/** What a bundle is made from. */
export interface BundleParts {
  readonly store: Store
  readonly key: DeviceKey
  readonly files: PhotoFiles
  /** Leave it false where there is no room for a copy of the attachments. */
  readonly attachments: boolean
}

/** The format that this writes. */
const format = 'sansuiji-bundle-1'

/**
 * All entries that headquarters has not said to have in a backup, because a restored one
 * lacks entries that it had acknowledged; and the bytes of attachments that it does not have.
 */
export async function bundleOf(parts: BundleParts): Promise<Bundle> {
  const { store, key, files } = parts
  const { database } = store
  const runs = runsAfter(parts, getNumber(database, 'backed_up'))
  const signed: PushRequest[] = []
  for (const run of runs) signed.push(await sign(parts, key, run))
  const missing = parts.attachments
    ? bytesHere(database, files).filter(({ state }) => !state.there)
    : []
  const entries = runs.reduce((sum, run) => sum + run.length, 0)
  const body = encodeCbor(signed)
  const members = membersOf(parts, { entries, body, missing })
  const { list } = { list: [], ...recipientsOf(getText(database, 'bundle_key')) }
  const plain = () => streamOf(tarOf(members))
  return {
    name: nameOf(parts),
    ...{ entries, unsent: countEntries(database).waiting, attachments: missing.length },
    size: members.reduce((sum, { size }) => sum + size + 1024, 0),
    sealed: list.length > 0,
    stream: () => (list.length > 0 ? sealing(list, plain()) : Promise.resolve(plain())),
  }
}

/** Runs of entries that follow each other, each as large as a push may be. */
function runsAfter({ store }: BundleParts, after: number): readonly (readonly OutboxEntry[])[] {
  const runs: OutboxEntry[][] = []
  let size = 0
  for (const entry of entriesAfter(store.database, after)) {
    const run = runs.at(-1)
    size += entry.entry.length
    if (run && run.length < batchLimit.entries && size <= batchLimit.bytes) {
      run.push(entry)
    } else {
      runs.push([entry])
      size = entry.entry.length
    }
  }
  return runs
}

async function sign(
  { store }: BundleParts,
  key: DeviceKey,
  run: readonly OutboxEntry[],
): Promise<PushRequest> {
  const { campaign, device } = requireIdentity(store.database)
  const last = run.at(-1)
  if (!last) throw new Error('bundle: an empty run')
  return {
    campaign_id: campaign,
    device_id: device,
    entries: run.map(({ entry }) => Uint8Array.from(entry)),
    signature: await key.sign(headBytes(campaign, device, last.seq, last.hash)),
  }
}

interface Contents {
  readonly entries: number
  readonly body: Bytes
  readonly missing: readonly Here[]
}

function membersOf(parts: BundleParts, { entries, body, missing }: Contents): readonly Member[] {
  const { store, files } = parts
  const { campaign, device } = requireIdentity(store.database)
  const manifest = utf8(
    JSON.stringify({
      ...{ format, campaign_id: campaign, device_id: device, made_at: store.clock() },
      ...{ entries, attachments: missing.length },
    }),
  )
  const whole = (name: string, bytes: Bytes): Member => ({
    ...{ name, size: bytes.length },
    bytes: () => [bytes],
  })
  return [
    whole('bundle.json', manifest),
    whole('entries.cbor', body),
    ...missing.map(({ hash, size }) => ({
      ...{ name: `attachments/${hash}`, size },
      bytes: () => attachment(store, files, hash),
    })),
  ]
}

async function* attachment(
  { database }: Store,
  files: PhotoFiles,
  hash: string,
): AsyncGenerator<Uint8Array> {
  const blob = await readBytes(database, files, hash)
  if (!blob) throw new Error(`bundle: ${hash} is gone`)
  const reader = (blob.stream() as ReadableStream<Uint8Array>).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
}

function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const next = await pieces.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    cancel: async () => {
      await pieces.return(undefined)
    },
  })
}

/** Says to people what it is, whose, and of when. */
function nameOf({ store }: BundleParts): string {
  const { device } = requireIdentity(store.database)
  const at = new Date(store.clock()).toISOString().slice(0, 16).replaceAll(/[-:]/g, '')
  return `sansuiji-${device.slice(-6)}-${at}.bundle`
}
