/** Gives a bundle's file to the phone: to its downloads, or to another app. */
import type { BundleMade } from '@sansuiji/local'

/** A saved file is read by the browser for so long. Milliseconds. */
const readMs = 10 * 60_000

/** The file under its own name. */
export function fileOf({ file, name }: BundleMade): File {
  return new File([file], name, { type: 'application/octet-stream' })
}

/**
 * The file in a form that this browser shares; null where it shares none. Some share only
 * kinds that they know: headquarters does not mind what the file is called.
 */
export function sharable(made: BundleMade): File | null {
  const forms = [
    fileOf(made),
    new File([made.file], `${made.name}.txt`, { type: 'text/plain' }),
  ] as const
  return forms.find((file) => canShare(file)) ?? null
}

function canShare(file: File): boolean {
  return 'canShare' in navigator && navigator.canShare({ files: [file] })
}

/** Shares a file. False when the person thought better of it. */
export async function share(file: File): Promise<boolean> {
  try {
    await navigator.share({ files: [file], title: file.name })
    return true
  } catch {
    return false
  }
}

/** Puts a file among the downloads. */
export function save(file: File): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, readMs)
}
