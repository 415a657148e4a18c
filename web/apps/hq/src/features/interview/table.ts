/** Tables of rosters as they are sent. */

/** Columns of the table; unit and key must be there. */
export const columns = ['unit', 'key', 'name', 'note', 'official'] as const

/** An empty table. The mark at its beginning tells spreadsheets that it is UTF-8. */
export const emptyTable = `\uFEFF${columns.join(',')}\r\n`

/** As many bytes as a call takes arguments, with room to spare. */
const pieceMax = 8192

/** Bytes as base 64, with padding. */
export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += pieceMax) {
    text += String.fromCharCode(...bytes.subarray(at, at + pieceMax))
  }
  return btoa(text)
}
