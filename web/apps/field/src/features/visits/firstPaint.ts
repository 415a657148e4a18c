/** How much of the list is there at once, the first time that it is shown. */
import { ref, watch, type Ref } from 'vue'

/** More than fits on a phone. */
const screenful = 10

let painted = false

/**
 * How many visits to show: those that fit on the screen, and all once these are there. Only when
 * the app starts: a person who comes back to the list finds it at the place where it was left.
 */
export function mostAtFirst(visits: Readonly<Ref<unknown>>): Readonly<Ref<number>> {
  const most = ref(painted ? Infinity : screenful)
  if (painted) return most
  const stop = watch(
    visits,
    (there) => {
      if (there === undefined) return
      painted = true
      stop()
      requestAnimationFrame(() => {
        setTimeout(() => {
          most.value = Infinity
        })
      })
    },
    { flush: 'post' },
  )
  return most
}
