/** Forms whose last words are not written down yet. */
const waiting = new Set<Typed>()

/**
 * Whether a form's words are written down. The document's `data-typed` says for all forms
 * together, to whoever drives the app: `kept` or `waits`.
 */
export class Typed {
  #waits = false

  /** Whether there are words that nobody has taken to write them down. */
  get waits(): boolean {
    return this.#waits
  }

  /** Something was typed. */
  change(): void {
    this.#waits = true
    waiting.add(this)
    tell()
  }

  /** The words are being written down. */
  take(): void {
    this.#waits = false
  }

  /** What was taken is written down. */
  keep(): void {
    if (!this.#waits) this.forget()
  }

  /** There is nothing to be written down any more. */
  forget(): void {
    this.#waits = false
    waiting.delete(this)
    tell()
  }
}

function tell(): void {
  document.documentElement.setAttribute('data-typed', waiting.size === 0 ? 'kept' : 'waits')
}
