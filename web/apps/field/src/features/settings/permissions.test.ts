import { expect, test } from 'vitest'

import { browserOf } from './permissions'

test('the steps are those of the browser at hand', () => {
  const android = 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/130.0 Mobile'
  expect(browserOf(android)).toBe('android')
  expect(browserOf(`${android} MicroMessenger/8.0`)).toBe('wechat')
  expect(browserOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0')).toBe(
    'ios',
  )
  expect(browserOf('Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0')).toBe('desktop')
})
