/** Puts a text on the clipboard. */

/** Whether it worked. Browsers offer no clipboard to pages over plain http except localhost. */
export async function copyText(text: string): Promise<boolean> {
  if (!window.isSecureContext) return copyBySelection(text)
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  // Inside an open dialog, because its focus trap takes focus back from elsewhere.
  const dialogs = document.querySelectorAll('[role=dialog]')
  const place = dialogs.item(dialogs.length - 1) as Element | null
  const before = document.activeElement
  ;(place ?? document.body).append(area)
  area.select()
  // Deprecated, and the only way without a secure context.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const copied = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus()
  return copied
}
