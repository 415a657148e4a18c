/** Verifies beside the page, so that it never freezes. */
import type { Files, Step } from '@sansuiji/draw'

import { checking, type Report } from './report'

/** What the page hears of a verification. */
export type News =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'crashed' }

/** Tells each step once it is done; `pause` lets the page show it. */
async function work(
  files: Files,
  tell: (news: News) => void,
  pause: () => Promise<boolean>,
): Promise<void> {
  const steps = checking(files)
  for (;;) {
    const next = steps.next()
    if (next.done === true) {
      tell({ kind: 'done', report: next.value })
      return
    }
    tell({ kind: 'step', step: next.value })
    if (!(await pause())) return
  }
}

/** Does the work of a worker: waits for files, and tells. */
export function serve(): void {
  self.addEventListener('message', ({ data }: MessageEvent<Files>) => {
    void work(
      data,
      (news) => {
        self.postMessage(news)
      },
      () => Promise.resolve(true),
    )
  })
}

/** Begins a verification; what is returned ends it. */
export function begin(files: Files, tell: (news: News) => void): () => void {
  const worker = newWorker()
  if (worker === undefined) return here(files, tell)
  let end = () => {
    worker.terminate()
  }
  let heard = false
  worker.addEventListener('message', ({ data }: MessageEvent<News>) => {
    heard = true
    tell(data)
    if (data.kind === 'done') worker.terminate()
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    worker.terminate()
    if (heard) tell({ kind: 'crashed' })
    else end = here(files, tell) // a browser that starts no workers for files
  })
  worker.postMessage(files)
  return () => {
    end()
  }
}

/** The page's own script, which stands in it, as a worker. */
function newWorker(): Worker | undefined {
  const script = document.querySelector('script:not([src])')?.textContent
  if (script === undefined || script === '') return undefined
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  try {
    return new Worker(address)
  } catch {
    return undefined
  }
}

/** Works in the page, step by step. */
function here(files: Files, tell: (news: News) => void): () => void {
  let wanted = true
  const pause = () =>
    new Promise<boolean>((go) => {
      setTimeout(() => {
        go(wanted)
      })
    })
  const all = pause().then((go) => (go ? work(files, tell, pause) : undefined))
  all.catch(() => {
    tell({ kind: 'crashed' })
  })
  return () => {
    wanted = false
  }
}
