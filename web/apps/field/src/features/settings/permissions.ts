/** What the browser allows the app, and where a person changes it. */

/** What the app asks for. */
export const wanted = ['geolocation', 'camera', 'microphone'] as const
export type Wanted = (typeof wanted)[number]

/** What was decided; unknown where the browser does not tell. */
export type Decision = PermissionState | 'unknown'

/** Whose settings the steps lead through. */
export type Browser = 'android' | 'ios' | 'wechat' | 'desktop'

/** Asks the browser; it never fails. */
export async function decisionOf(name: Wanted): Promise<Decision> {
  try {
    return (await navigator.permissions.query({ name })).state
  } catch {
    return 'unknown'
  }
}

/** Makes the browser put its question. What came of it is seen by asking again. */
export async function request(name: Wanted): Promise<void> {
  if (name === 'geolocation') {
    await new Promise<void>((done) => {
      const heard = () => {
        done()
      }
      navigator.geolocation.getCurrentPosition(heard, heard, { timeout: 20_000 })
    })
    return
  }
  const stream = await navigator.mediaDevices
    .getUserMedia(name === 'camera' ? { video: true } : { audio: true })
    .catch(() => undefined)
  for (const track of stream?.getTracks() ?? []) track.stop()
}

/** Which browser it is, by what it calls itself. */
export function browserOf(userAgent: string): Browser {
  if (/MicroMessenger/.test(userAgent)) return 'wechat'
  if (/iPhone|iPad/.test(userAgent)) return 'ios'
  return /Android/.test(userAgent) ? 'android' : 'desktop'
}
