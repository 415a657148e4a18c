/** Finds rows of a list by what a person types. */
import { shallowRef, watch, type Ref } from 'vue'

/** A text as it is compared. */
export type Fold = (text: string) => string

/** Width and case make no difference. */
export const plainly: Fold = (text) => text.normalize('NFKC').toLowerCase()

const fold = shallowRef<Fold>(plainly)
let asked: Promise<void> | undefined

/** The characters' table is large: it is fetched when somebody first types. */
async function fetchTable(): Promise<void> {
  const { foldHan } = await import('@sansuiji/protocol/han')
  fold.value = (text) => foldHan(plainly(text))
}

/** How texts are compared: traditional and simplified characters are one, once that is known. */
export function useFold(typed: Readonly<Ref<string>>): Readonly<Ref<Fold>> {
  watch(
    typed,
    (text) => {
      if (text === '') return
      asked ??= fetchTable().catch(() => {
        asked = undefined // The next letter tries again.
      })
    },
    { immediate: true },
  )
  return fold
}

/** The words that were typed. */
export function wordsOf(typed: string, compared: Fold): readonly string[] {
  return compared(typed).split(/\s+/).filter(Boolean)
}
