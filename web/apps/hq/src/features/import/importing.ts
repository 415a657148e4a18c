/** The course of one import: a file, its preview, corrections of the columns, the import. */
import { computed, ref, shallowRef } from 'vue'

import {
  newTicket,
  readTable,
  useImport,
  usePreview,
  useProgress,
  type Asking,
  type TableFile,
} from './imports'
import { isSame, kindOf, mappingOf, type Chosen, type Mapping } from './table'

/** What a person chose: the kind, the file, and how it is read. */
function useChoices(first: Chosen) {
  const kind = ref<Chosen>(first)
  const file = shallowRef<TableFile>()
  const sheet = ref('')
  const header = ref(0)
  const mapping = shallowRef<Mapping>()
  /** The file has not one byte. */
  const empty = computed(() => file.value?.bytes === '')

  /** Begins anew, with the kind that was chosen. */
  function forget(): void {
    file.value = undefined
    sheet.value = ''
    header.value = 0
    mapping.value = undefined
  }

  function choose(next: { kind?: Chosen; sheet?: string; header?: number }): void {
    kind.value = next.kind ?? kind.value
    sheet.value = next.sheet ?? sheet.value
    header.value = next.header ?? header.value
    mapping.value = undefined // another table has other columns
  }

  /** What is asked of the server; undefined without a file that has something in it. */
  function asking(ticket: string): Asking | undefined {
    if (file.value === undefined || empty.value) return undefined
    const [said, inSheet, row] = [mapping.value, sheet.value, header.value]
    return { file: file.value, sheet: inSheet, header: row, mapping: said, ticket }
  }

  return { kind, file, mapping, empty, forget, choose, asking }
}

export function useImporting(first: Chosen) {
  const [preview, applied, chosen] = [usePreview(), useImport(), useChoices(first)]
  const ticket = ref('')
  const { data: progress } = useProgress(ticket)
  const unread = shallowRef<unknown>()

  const dirty = computed(() => {
    const [shown, said] = [preview.data.value, chosen.mapping.value]
    return shown !== undefined && said !== undefined && !isSame(said, mappingOf(shown))
  })

  function begun(): Asking | undefined {
    ticket.value = newTicket()
    return chosen.asking(ticket.value)
  }

  function ended(): void {
    ticket.value = ''
  }

  function look(): void {
    applied.reset()
    const asking = begun()
    if (asking) preview.mutate({ kind: chosen.kind.value, asking }, { onSettled: ended })
    else ended()
  }

  function forget(): void {
    preview.reset()
    applied.reset()
    chosen.forget()
    unread.value = undefined
  }

  async function take(table: File): Promise<void> {
    forget()
    try {
      chosen.file.value = await readTable(table)
    } catch (error) {
      unread.value = error
      return
    }
    look()
  }

  function apply(): void {
    const kind = kindOf(preview.data.value?.kind ?? '')
    if (kind === undefined || dirty.value) return
    const asking = begun()
    if (asking) applied.mutate({ kind, asking }, { onSettled: ended })
  }

  return {
    ...chosen,
    progress,
    dirty,
    busy: computed(() => preview.isPending.value || applied.isPending.value),
    preview: preview.data,
    result: applied.data,
    error: computed(() => unread.value ?? preview.error.value ?? applied.error.value),
    look,
    take,
    forget,
    choose: (next: Parameters<typeof chosen.choose>[0]): void => {
      chosen.choose(next)
      look()
    },
    apply,
  }
}
