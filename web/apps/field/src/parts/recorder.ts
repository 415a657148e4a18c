/** Records speech in small pieces, each of which is kept as it comes. */
import { onBeforeUnmount, ref, type Ref } from 'vue'

/** A piece of a recording; only the first one has the media type. */
export interface Piece {
  readonly type: string | null
  readonly data: Uint8Array
  /** How long the recording is with it. Milliseconds. */
  readonly durationMs: number
}

export type RecorderState = 'idle' | 'running' | 'denied' | 'full' | 'unable'

/** A microphone. */
export interface Recorder {
  readonly state: Readonly<Ref<RecorderState>>
  readonly seconds: Readonly<Ref<number>>
  readonly start: () => Promise<void>
  /** Resolves when the last piece is kept. */
  readonly stop: () => Promise<void>
}

/** A killed app loses no more speech than this. Milliseconds. */
const pieceMs = 2_000

/** Enough to understand speech. Bits a second. */
const bitRate = 16_000

const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/webm']

/** A length of time as people read it: 1:05. */
export function clockText(seconds: number): string {
  const rest = String(Math.floor(seconds) % 60).padStart(2, '0')
  return `${Math.floor(seconds / 60)}:${rest}`
}

/** Records into `keep`, which says whether there is room for more. */
export function useRecorder(keep: (piece: Piece) => Promise<boolean>): Recorder {
  const type = typeof MediaRecorder === 'undefined' ? undefined : types.find(isAble)
  const state = ref<RecorderState>(type === undefined ? 'unable' : 'idle')
  const seconds = ref(0)
  let stopNow: () => Promise<void> = () => Promise.resolve()
  let asking = false
  let left = false

  const start = async (): Promise<void> => {
    if (type === undefined || asking || state.value === 'running') return
    asking = true
    const stream = await microphone()
    asking = false
    if (!stream || left) {
      release(stream)
      state.value = 'denied'
      return
    }
    state.value = 'running'
    const began = performance.now()
    const ticking = setInterval(() => {
      seconds.value = (performance.now() - began) / 1000
    }, 500)
    const recording = record(stream, type, async (piece) => {
      if (await keep(piece).catch(() => false)) return
      state.value = 'full'
      void stopNow()
    })
    stopNow = async () => {
      stopNow = () => Promise.resolve()
      clearInterval(ticking)
      await recording.stop()
      seconds.value = 0
      if (state.value === 'running') state.value = 'idle'
    }
  }
  const stop = () => stopNow()
  onBeforeUnmount(() => {
    left = true
    void stop()
  })
  return { state, seconds, start, stop }
}

/** The sound of the room; undefined when the person or the browser does not allow it. */
async function microphone(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true })
  } catch {
    return undefined
  }
}

function release(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

function isAble(type: string): boolean {
  return MediaRecorder.isTypeSupported(type)
}

function record(
  stream: MediaStream,
  type: string,
  keep: (piece: Piece) => Promise<void>,
): { readonly stop: () => Promise<void> } {
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitRate })
  let kept: Promise<void> = Promise.resolve()
  let first = true
  const began = performance.now()
  recorder.ondataavailable = ({ data }) => {
    if (data.size === 0) return
    const header = first ? type : null
    first = false
    const durationMs = Math.round(performance.now() - began)
    kept = kept.then(async () => {
      await keep({ type: header, data: new Uint8Array(await data.arrayBuffer()), durationMs })
    })
  }
  const stopped = new Promise<void>((done) => {
    recorder.onstop = () => {
      done()
    }
  })
  recorder.start(pieceMs)
  return {
    stop: async () => {
      if (recorder.state !== 'inactive') recorder.stop()
      await stopped
      release(stream)
      await kept
    },
  }
}
