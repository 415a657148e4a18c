/** Tells what a field leaves out of what is pasted: browsers cut it without a word. */

/** How many characters a field of a length leaves out when a part of it is pasted over. */
export function leftOut(
  field: { readonly length: number; readonly most: number },
  over: number,
  pasted: string,
): number {
  return Math.max(0, field.length - over + pasted.length - field.most)
}

/** Calls `tell` for every paste that a field cuts: how many characters it takes, and what it left. */
export function watchCuts(page: Document, tell: (most: number, left: number) => void): void {
  const see = (event: ClipboardEvent): void => {
    const field = event.target
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return
    if (field.maxLength < 0) return
    const over = (field.selectionEnd ?? 0) - (field.selectionStart ?? 0)
    const pasted = event.clipboardData?.getData('text') ?? ''
    const left = leftOut({ length: field.value.length, most: field.maxLength }, over, pasted)
    if (left > 0) tell(field.maxLength, left)
  }
  page.addEventListener('paste', see, { capture: true })
}
