/** Reads ids. */
import { unzigzag } from './bits'
import { idByLast, idByWall, idEnd, idKnown, idLast, idWhole, millisBits } from './controls'
import { noteId, type Column } from './model'
import { readMagnitude, type Unpacker } from './unpack'
import { malformed } from './uvarints'

/** Reads an id. */
export function readId(
  unpacker: Unpacker,
  control: number,
  column: Column,
  wall: bigint,
): Uint8Array {
  const { ids } = unpacker.model
  if (control === idLast) return column.id
  if (control >= idKnown && control < idEnd) {
    const back = Number(readMagnitude(unpacker, control - idKnown))
    const known = back > 0 ? ids.at(-back) : undefined
    if (!known) throw malformed(`id ${back} of ${ids.length}`)
    column.id = known
    return known
  }
  if (control === idWhole) {
    column.id = idOfBits(unpacker.bits.read(64), unpacker.bits.read(64))
  } else if (control >= idByWall && control < idByLast) {
    column.id = mint(unpacker, wall, control - idByWall, column)
  } else if (control >= idByLast && control < idKnown) {
    column.id = mint(unpacker, column.born, control - idByLast, column)
  } else {
    throw malformed(`control ${control} of an id`)
  }
  noteId(unpacker.model, column.id)
  return column.id
}

/** Reads an id of version 7 whose time is held against another. */
function mint(unpacker: Unpacker, near: bigint, length: number, column: Column): Uint8Array {
  const millis = BigInt.asIntN(64, near + unzigzag(readMagnitude(unpacker, length)))
  if (millis < 0n || millis >> BigInt(millisBits)) throw malformed('time of an id')
  column.born = millis
  const high = (millis << 16n) | 0x7000n | unpacker.bits.read(12)
  return idOfBits(high, (2n << 62n) | unpacker.bits.read(62))
}

function idOfBits(high: bigint, low: bigint): Uint8Array {
  const id = new Uint8Array(16)
  const view = new DataView(id.buffer)
  view.setBigUint64(0, high)
  view.setBigUint64(8, low)
  return id
}
