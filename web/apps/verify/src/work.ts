/** Verifies beside the page, so that it never freezes. */
import { doing, type Job, type News } from './job'

/** Tells all news of a job; `pause` lets the page show them. */
async function work(
  job: Job,
  tell: (news: News) => void,
  pause: () => Promise<boolean>,
): Promise<void> {
  for (const news of doing(job)) {
    tell(news)
    if (!(await pause())) return
  }
}

/** Does the work of a worker: waits for a job, and tells. */
export function serve(): void {
  self.addEventListener('message', ({ data }: MessageEvent<Job>) => {
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
export function begin(job: Job, tell: (news: News) => void): () => void {
  const worker = newWorker()
  if (worker === undefined) return here(job, tell)
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
    else end = here(job, tell) // a browser that starts no workers for files
  })
  worker.postMessage(job)
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
function here(job: Job, tell: (news: News) => void): () => void {
  let wanted = true
  const pause = () =>
    new Promise<boolean>((go) => {
      setTimeout(() => {
        go(wanted)
      })
    })
  const all = pause().then((go) => (go ? work(job, tell, pause) : undefined))
  all.catch(() => {
    tell({ kind: 'crashed' })
  })
  return () => {
    wanted = false
  }
}
