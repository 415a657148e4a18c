/** A photo's bytes as an address that an image can show. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

import { useStore } from '../../store/store'

/** Follows a photo; nothing until it was read, or where it is not here. */
export function usePhotoUrl(which: () => { hash: string; preview: boolean } | null): Ref<string> {
  const store = useStore()
  const url = ref('')
  let turn = 0
  const show = (next: string) => {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = next
  }
  watch(
    which,
    async (now, before) => {
      if (now && before?.hash === now.hash && before.preview === now.preview && url.value) return
      const mine = ++turn
      const blob = now && (await bytesOf(store, now.hash, now.preview))
      if (mine === turn) show(blob ? URL.createObjectURL(blob) : '')
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    turn = -1
    show('')
  })
  return url
}

/** A photo's bytes, the preview's where the whole is not here; null where neither is. */
export async function bytesOf(
  store: ReturnType<typeof useStore>,
  hash: string,
  preview: boolean,
): Promise<Blob | null> {
  try {
    const service = store.service()
    const blob = await service.photoBytes(hash, preview)
    return blob ?? (await service.photoBytes(hash, !preview))
  } catch {
    return null // the store was closed meanwhile
  }
}
