/** A photo before words: it waits in the form of a new finding. */
import { formOf, type PhotoInput, type Service } from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'

/** Puts a photo into the form of the visit's new finding. False when there were words already. */
export async function intoNewFinding(
  service: Service,
  visit: Id,
  photo: PhotoInput,
): Promise<boolean> {
  const form = formOf.newFinding(visit)
  const kept = await service.keptForm(form)
  await service.keepForm(form, withPhoto(kept, photo))
  return kept === null
}

/** A kept form with one photo more. */
export function withPhoto(kept: string | null, photo: PhotoInput): string {
  const form = (kept === null ? {} : JSON.parse(kept)) as { readonly photos?: readonly unknown[] }
  return JSON.stringify({ ...form, photos: [...(form.photos ?? []), photo] })
}
