// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { nextTick, ref, type Ref } from 'vue'
import { expect, test } from 'vitest'

import { closeOverlay, useOverlay } from './overlay'

function over(open: Ref<boolean>) {
  return mount({ setup: () => (useOverlay(open), () => null) })
}

test('the way back closes what is on top, one after another, and then leaves the page', async () => {
  const [sheet, viewer] = [ref(true), ref(false)]
  over(sheet)
  const gone = over(viewer)
  viewer.value = true
  expect(closeOverlay()).toBe(true)
  expect([sheet.value, viewer.value]).toEqual([true, false])
  expect(closeOverlay()).toBe(true)
  expect(sheet.value).toBe(false)
  expect(closeOverlay(), 'nothing is over the page').toBe(false)
  viewer.value = true
  gone.unmount()
  await nextTick()
  expect(closeOverlay(), 'what went with its page is not there').toBe(false)
})
