/**
 * Arrow's text columns, with offsets or views, as bytes and 32-bit offsets.
 * @module
 */
import { ContractError } from '../../errors.ts'
import { type Column, Utf8Column } from '../column.ts'
import { wordsOf } from '../longs.ts'
import { INLINE_BYTES } from './buffers.ts'
import { type Chunk, readValidity } from './chunk.ts'

/** The largest 32-bit offset. */
const MOST_BYTES = 2 ** 31 - 1

const tooLong = () =>
  new ContractError('limit_exceeded', 'a text column holds more than 2 GiB; cut the table into smaller ones')

/** Returns a chunk's offsets as 32-bit integers. */
function readOffsets({ valueOffsets, offsets, length }: Chunk): Int32Array {
  const found = valueOffsets ?? offsets
  if (found === undefined || found.length === 0) return new Int32Array(length + 1)
  if (found instanceof Int32Array) return found.subarray(0, length + 1)
  if (found instanceof Float64Array) {
    if ((found[length] as number) > MOST_BYTES) throw tooLong()
    return Int32Array.from(found.subarray(0, length + 1))
  }
  const words = wordsOf(found, length + 1)
  const narrow = new Int32Array(length + 1)
  for (let i = 0; i <= length; i++) {
    const low = words[2 * i] as number
    if (low < 0 || words[2 * i + 1] !== 0) throw tooLong()
    narrow[i] = low
  }
  return narrow
}

/** Returns the text of all chunks. A single chunk's buffers are shared. */
export function readTexts(chunks: readonly Chunk[], length: number): Column {
  const valid = readValidity(chunks, length)
  const parts = chunks.map((chunk) => ({
    // both libraries keep text as bytes
    bytes: (chunk.values as Uint8Array | undefined) ?? new Uint8Array(0),
    offsets: readOffsets(chunk),
  }))
  const [only] = parts
  if (only !== undefined && parts.length === 1) {
    // after the last text come padding, or the rest of a sliced table
    return new Utf8Column(only.bytes.subarray(0, only.offsets[length]), only.offsets, valid)
  }
  let size = 0
  for (const { offsets } of parts) size += (offsets[offsets.length - 1] as number) - (offsets[0] as number)
  const bytes = new Uint8Array(size)
  const joined = new Int32Array(length + 1)
  let [row, end] = [0, 0]
  for (const { bytes: part, offsets } of parts) {
    const begin = offsets[0] as number
    bytes.set(part.subarray(begin, offsets[offsets.length - 1]), end)
    for (let i = 1; i < offsets.length; i++) joined[++row] = end + (offsets[i] as number) - begin
    end = joined[row] as number
  }
  return new Utf8Column(bytes, joined, valid)
}

/**
 * Returns text stored as views: 16 bytes a row, with short texts inside and long ones in other
 * buffers.
 */
export function readTextViews(chunks: readonly Chunk[], length: number): Column {
  const valid = readValidity(chunks, length)
  const offsets = new Int32Array(length + 1)
  const views = chunks.map(({ values = new Uint8Array(0) }) => new DataView(values.buffer, values.byteOffset))
  let row = 0
  chunks.forEach((chunk, index) => {
    for (let i = 0; i < chunk.length; i++, row++) {
      const size = valid === null || valid[row] === 1 ? (views[index] as DataView).getInt32(i * 16, true) : 0
      offsets[row + 1] = (offsets[row] as number) + size
    }
  })
  const bytes = new Uint8Array(offsets[length] as number)
  row = 0
  chunks.forEach(({ length: rows, data = [], variadicBuffers = data }, index) => {
    const view = views[index] as DataView
    for (let i = 0; i < rows; i++, row++) {
      const begin = offsets[row] as number
      const size = (offsets[row + 1] as number) - begin
      const from =
        size <= INLINE_BYTES
          ? new Uint8Array(view.buffer, view.byteOffset + i * 16 + 4, size)
          : (variadicBuffers[view.getInt32(i * 16 + 8, true)] as Uint8Array).subarray(view.getInt32(i * 16 + 12, true))
      bytes.set(from.subarray(0, size), begin)
    }
  })
  return new Utf8Column(bytes, offsets, valid)
}
