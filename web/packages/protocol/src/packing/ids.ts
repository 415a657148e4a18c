/** Writes ids. */
import { toHex } from '../bytes'
import { bitLength, zigzag } from './bits'
import { hardly, idByLast, idByWall, idKnown, idLast, idWhole, millisBits } from './controls'
import { isSame, isV7, millisIn, noteId, viewOf, type Column } from './model'
import type { Packer } from './packer'

/** Writes an id and returns its control. */
export function writeId(packer: Packer, id: Uint8Array, column: Column, wall: bigint): number {
  const { model, out } = packer
  if (isSame(id, column.id)) return idLast
  column.id = id
  const place = model.idPlaces.get(toHex(id))
  if (place !== undefined) return idKnown + out.bits.magnitude(BigInt(model.ids.length - place))
  noteId(model, id)
  const control = isV7(id) ? writeMinted(packer, id, column, wall) : undefined
  if (control !== undefined) return control
  for (const byte of id) out.bits.write(BigInt(byte), 8)
  return idWhole
}

/** Writes an id of version 7: its time against another, and its random bits. */
function writeMinted(
  { out }: Packer,
  id: Uint8Array,
  column: Column,
  wall: bigint,
): number | undefined {
  const millis = millisIn(id)
  const near = zigzag(millis - wall)
  const last = zigzag(millis - column.born)
  const better = bitLength(last) + hardly < bitLength(near)
  let control: number
  if (!better && bitLength(near) <= millisBits) control = idByWall + out.bits.magnitude(near)
  else if (bitLength(last) <= millisBits) control = idByLast + out.bits.magnitude(last)
  else return undefined
  column.born = millis
  const view = viewOf(id)
  out.bits.write(BigInt(view.getUint16(6) & 0xfff), 12)
  out.bits.write(view.getBigUint64(8) & ((1n << 62n) - 1n), 62)
  return control
}
