/**
 * Writes frames as JSON bytes, straight from the columns.
 * @module
 */

import { joinChunks } from '../../table/chunks.ts'
import type { Frame } from '../../table/frame.ts'
import { asWords, WORD_SLACK, type Words, writeWords } from '../text/constant-bytes.ts'
import { type CellWriter, cellWriter, stringBytes } from './cells.ts'

/** The layout of rows: one `array` of objects, or one object per line. */
export type JsonLayout = 'array' | 'lines'

/** How a frame is written as JSON. */
export interface JsonWriteOptions {
  /** `array` (default) or `lines` (JSON Lines, NDJSON). Both have one row per line. */
  readonly layout?: JsonLayout
}

/** Bytes of one piece; a single long row may exceed it. */
const PIECE = 256 * 1024

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

/**
 * Returns the frame as JSON bytes, in pieces made on demand. One row per line, every column in
 * every row, null as `null`; UTF-8, LF, a final newline. Instants are ISO text, days `YYYY-MM-DD`,
 * 64-bit integers their digits, −0 is `-0.0`. NaN and the infinities are the strings `"NaN"`,
 * `"Infinity"`, `"-Infinity"`, which a column of numbers reads back as numbers.
 * @throws ContractError unsupported_type - values that JSON cannot hold; malformed_text - half a surrogate pair
 */
export function* jsonChunks(
  frame: Frame,
  { layout = 'array' }: JsonWriteOptions = {},
): Generator<Uint8Array, void, undefined> {
  const isArray = layout === 'array'
  if (frame.rows === 0) {
    if (isArray) yield ascii('[]\n')
    return
  }
  const writers = Array.from(frame.columns, ([name, column]) => cellWriter(column, name))
  // the bytes before each cell: the end of the previous row, and the column's name
  const between = isArray ? '},\n{' : '}\n{'
  const heads = Array.from(frame.columns.keys(), (name, index) =>
    asWords(joinChunks([ascii(index === 0 ? between : ','), stringBytes(name, name), ascii(':')])),
  )
  const rowHead = asWords(ascii(writers.length === 0 ? between : ''))
  const fixed = heads.reduce((size, head) => size + head.size, rowHead.size) + WORD_SLACK
  if (isArray) yield ascii('[\n')
  let piece = new Uint8Array(PIECE)
  let view = new DataView(piece.buffer)
  let at = 0
  // the first row has no row before it
  let from = between.length - 1
  for (let row = 0; row < frame.rows; row++) {
    let room = fixed
    for (let column = 0; column < writers.length; column++) room += (writers[column] as CellWriter).room(row)
    if (at + room > piece.length) {
      if (at > 0) {
        yield piece.subarray(from, at)
        from = 0
      }
      piece = new Uint8Array(Math.max(PIECE, room))
      view = new DataView(piece.buffer)
      at = 0
    }
    at = writeWords(rowHead, view, at)
    for (let column = 0; column < writers.length; column++) {
      at = writeWords(heads[column] as Words, view, at)
      at = (writers[column] as CellWriter).write(row, piece, at)
    }
  }
  yield piece.subarray(from, at)
  yield ascii(isArray ? '}\n]\n' : '}\n')
}
