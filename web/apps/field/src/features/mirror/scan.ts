/** Reads QR codes with the phone's camera. */
import { onBeforeUnmount, ref, type Ref } from 'vue'

/** How far the camera has come. */
export type Scanning = 'idle' | 'starting' | 'scanning' | 'denied' | 'unavailable'

/** What a screen does with the camera. */
export interface Scanner {
  readonly state: Readonly<Ref<Scanning>>
  /** Opens the camera and shows it. */
  readonly start: (video: HTMLVideoElement) => Promise<void>
  readonly stop: () => void
}

/** Pause between two looks: the decoder must leave the phone time to draw. Milliseconds. */
const lookMs = 150

/** Pictures are read at this width at most; finer ones only take time. Pixels. */
const widthMax = 960

/** Watches for codes and tells of each text once; who hears it says whether to go on. */
export function useScanner(found: (text: string) => Promise<boolean>): Scanner {
  const state = ref<Scanning>('idle')
  let stream: MediaStream | undefined
  let turn = 0

  const stop = (): void => {
    turn++
    stream?.getTracks().forEach((track) => {
      track.stop()
    })
    stream = undefined
    if (state.value === 'scanning' || state.value === 'starting') state.value = 'idle'
  }
  const start = async (video: HTMLVideoElement): Promise<void> => {
    stop()
    state.value = 'starting'
    const mine = turn
    try {
      const [{ decodeQR }, opened] = await Promise.all([import('qr/decode.js'), openCamera()])
      if (mine !== turn) {
        opened.getTracks().forEach((track) => {
          track.stop()
        })
        return
      }
      stream = opened
      video.srcObject = opened
      await video.play()
      state.value = 'scanning'
      void watch(video, decodeQR, () => mine === turn)
    } catch (error) {
      stop()
      state.value = isDenied(error) ? 'denied' : 'unavailable'
    }
  }
  const watch = async (
    video: HTMLVideoElement,
    decode: (image: ImageData) => string,
    goesOn: () => boolean,
  ): Promise<void> => {
    const canvas = document.createElement('canvas')
    let last: string | undefined
    while (goesOn()) {
      const text = read(video, canvas, decode)
      const isNew = text !== undefined && text !== last
      last = text ?? last
      if (isNew && !(await found(text))) {
        if (goesOn()) stop()
        return
      }
      await new Promise((resume) => setTimeout(resume, lookMs))
    }
  }
  onBeforeUnmount(stop)
  return { state, start, stop }
}

async function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  })
}

function isDenied(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError'
}

/** The text in the picture of now; undefined where there is none that can be read. */
function read(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  decode: (image: ImageData) => string,
): string | undefined {
  const { videoWidth, videoHeight } = video
  if (videoWidth === 0) return undefined
  const scale = Math.min(1, widthMax / videoWidth)
  canvas.width = Math.round(videoWidth * scale)
  canvas.height = Math.round(videoHeight * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return undefined
  context.drawImage(video, 0, 0, canvas.width, canvas.height)
  try {
    return decode(context.getImageData(0, 0, canvas.width, canvas.height))
  } catch {
    return undefined // the decoder throws at every picture without a code
  }
}
