/**
 * The memory of a table that is not needed any more, for the table that follows it: fresh pages cost more than what is
 * written to them.
 * @module
 */
import type { BigIntColumn, Column, NumberColumn } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'

type Values = NumberColumn['values'] | BigIntColumn['values']

/** Gives an array of that length over the memory of one of the table's arrays, with its values; null where that is not possible. */
export type RoomFor = <Array extends Values>(array: Array, length: number) => Array | null

/** Nothing is written over. */
export const NO_ROOM: RoomFor = () => null

function arraysOf(column: Column): readonly Values[] {
  if (column.kind === 'null' || column.kind === 'opaque') return []
  if (column.kind === 'text') {
    if (column.encoding === 'dictionary') return [column.codes]
    return [column.bytes, column.offsets, ...(column.valid === null ? [] : [column.valid])]
  }
  const valid = 'valid' in column ? column.valid : null
  return valid === null ? [column.values] : [column.values, valid]
}

const endOf = ({ byteOffset, byteLength }: Values) => byteOffset + byteLength

/**
 * Returns what can be had of the table's memory. An array alone in its buffer has all of it, one among others its own bytes,
 * and where two arrays share bytes, or the pool stands in them, nothing can be had.
 */
export function roomIn(table: Frame, pool: Frame): RoomFor {
  const inBuffer = new Map<ArrayBufferLike, Values[]>()
  for (const { columns } of [table, pool]) {
    for (const column of columns.values()) {
      for (const array of arraysOf(column)) {
        const others = inBuffer.get(array.buffer)
        if (others === undefined) inBuffer.set(array.buffer, [array])
        else others.push(array)
      }
    }
  }
  for (const arrays of inBuffer.values()) {
    arrays.sort((a, b) => a.byteOffset - b.byteOffset)
    if (arrays.some((array, i) => i > 0 && endOf(arrays[i - 1] as Values) > array.byteOffset)) return NO_ROOM
  }
  return (array, length) => {
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = array
    const room = inBuffer.get(buffer)?.length === 1 ? buffer.byteLength - byteOffset : byteLength
    if (length * BYTES_PER_ELEMENT > room) return null
    // the constructor of a typed array takes a buffer; TypeScript does not connect it to the instance
    const Kind = array.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => typeof array
    return new Kind(buffer, byteOffset, length)
  }
}
