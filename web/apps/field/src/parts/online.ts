/** Whether the phone believes it has a network. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useOnline(): Readonly<Ref<boolean>> {
  const online = ref(navigator.onLine)
  const look = () => {
    online.value = navigator.onLine
  }
  onMounted(() => {
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('online', look)
    window.removeEventListener('offline', look)
  })
  return online
}
