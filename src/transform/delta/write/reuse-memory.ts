/**
 * Reuses the memory of a table that is no longer needed for the next table: fresh pages cost more
 * than writing.
 * @module
 */
import type { BigIntColumn, Column, NumberColumn } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'

type Values = NumberColumn['values'] | BigIntColumn['values']

/**
 * Returns an array of that length over the memory of one of the table's arrays, with its values;
 * null where that is impossible.
 */
export type ReuseArray = <Array extends Values>(array: Array, length: number) => Array | null

/** Reuses nothing. */
export const NO_REUSE: ReuseArray = () => null

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
 * Returns which memory of the table can be reused. An array alone in its buffer may grow to the
 * buffer's end, one of several has only its own bytes. Nothing is reusable if arrays overlap, or if
 * a delta row shares their bytes.
 */
export function reusableArrays(table: Frame, pool: Frame): ReuseArray {
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
    if (arrays.some((array, i) => i > 0 && endOf(arrays[i - 1] as Values) > array.byteOffset)) return NO_REUSE
  }
  return (array, length) => {
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = array
    const available = inBuffer.get(buffer)?.length === 1 ? buffer.byteLength - byteOffset : byteLength
    if (length * BYTES_PER_ELEMENT > available) return null
    // a typed array's constructor takes a buffer; TypeScript does not connect it to the instance
    const Kind = array.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => typeof array
    return new Kind(buffer, byteOffset, length)
  }
}
