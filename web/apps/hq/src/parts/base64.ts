/** Reads a file that somebody chose as it is sent: in base 64. */
export function readBase64(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => {
      const address = typeof reader.result === 'string' ? reader.result : ''
      done(address.slice(address.indexOf(',') + 1))
    }
    reader.onerror = () => {
      failed(reader.error ?? new Error('the file cannot be read'))
    }
    reader.readAsDataURL(file)
  })
}
