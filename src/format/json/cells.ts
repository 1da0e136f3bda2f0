/**
 * Writes each column's values as JSON bytes.
 * @module
 */
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  TimestampColumn,
  Utf8Column,
} from '../../table/column.ts'
import { encodeTexts } from '../../table/utf8.ts'
import { NUMBER_ROOM, writeBigInt, writeNumber } from '../text/number-text.ts'
import { DayWriter, TIMESTAMP_ROOM, TimestampWriter } from '../text/timestamp-text.ts'
import { jsonText } from './value.ts'

/** Writes the cells of one column. */
export interface CellWriter {
  /** The most bytes that the row's cell can take. */
  room(row: number): number
  /** Writes the row's cell and returns its end. */
  write(row: number, target: Uint8Array, at: number): number
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

const NULL = ascii('null')
const TRUE = ascii('true')
const FALSE = ascii('false')
const NEGATIVE_ZERO = ascii('-0.0')
const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = ascii('0123456789abcdef')
/** The letter after the backslash for control characters that have one, else 0. */
const SHORT_ESCAPES = new Uint8Array(32)
for (const [code, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
] as const) {
  SHORT_ESCAPES[code] = letter.charCodeAt(0)
}
/** The most bytes that one byte of text can become: `\u00xx`. */
const ESCAPED = 6

function copy(bytes: Uint8Array, target: Uint8Array, at: number): number {
  for (let i = 0; i < bytes.length; i++) target[at + i] = bytes[i] as number
  return at + bytes.length
}

/** Writes the UTF-8 bytes of `[from, to)` as a JSON string and returns its end. */
export function writeString(bytes: Uint8Array, from: number, to: number, target: Uint8Array, at: number): number {
  let end = at
  target[end++] = QUOTE
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) {
      target[end++] = byte
      continue
    }
    target[end++] = BACKSLASH
    const short = byte < 0x20 ? (SHORT_ESCAPES[byte] as number) : byte
    if (short !== 0) {
      target[end++] = short
      continue
    }
    target[end] = 0x75
    target[end + 1] = 0x30
    target[end + 2] = 0x30
    target[end + 3] = HEX[byte >> 4] as number
    target[end + 4] = HEX[byte & 15] as number
    end += 5
  }
  target[end++] = QUOTE
  return end
}

/** Returns the text as a JSON string's bytes. */
export function stringBytes(text: string, name: string): Uint8Array {
  const { bytes } = encodeTexts([text], name)
  const target = new Uint8Array(bytes.length * ESCAPED + 2)
  return target.subarray(0, writeString(bytes, 0, bytes.length, target, 0))
}

/** Escapes every distinct value once. */
class DictionaryCells implements CellWriter {
  readonly #codes: Int32Array
  readonly #bytes: Uint8Array
  readonly #offsets: Int32Array
  readonly #room: number

  constructor({ codes, values }: DictionaryColumn, name: string) {
    const { bytes, offsets } = encodeTexts(values, name)
    this.#codes = codes
    this.#offsets = new Int32Array(values.length + 1)
    const escaped = new Uint8Array(bytes.length * ESCAPED + values.length * 2)
    let [end, longest] = [0, NULL.length]
    for (let code = 0; code < values.length; code++) {
      const start = end
      end = writeString(bytes, offsets[code] as number, offsets[code + 1] as number, escaped, end)
      longest = Math.max(longest, end - start)
      this.#offsets[code + 1] = end
    }
    this.#bytes = escaped.subarray(0, end)
    this.#room = longest
  }

  room(): number {
    return this.#room
  }

  write(row: number, target: Uint8Array, at: number): number {
    const code = this.#codes[row] as number
    if (code < 0) return copy(NULL, target, at)
    const bytes = this.#bytes
    const start = this.#offsets[code] as number
    const size = (this.#offsets[code + 1] as number) - start
    for (let i = 0; i < size; i++) target[at + i] = bytes[start + i] as number
    return at + size
  }
}

class TextCells implements CellWriter {
  readonly #column: Utf8Column

  constructor(column: Utf8Column) {
    this.#column = column
  }

  room(row: number): number {
    const { offsets } = this.#column
    return ((offsets[row + 1] as number) - (offsets[row] as number)) * ESCAPED + NULL.length
  }

  write(row: number, target: Uint8Array, at: number): number {
    const { bytes, offsets, valid } = this.#column
    if (valid !== null && valid[row] === 0) return copy(NULL, target, at)
    return writeString(bytes, offsets[row] as number, offsets[row + 1] as number, target, at)
  }
}

class NumberCells implements CellWriter {
  readonly #column: NumberColumn

  constructor(column: NumberColumn) {
    this.#column = column
  }

  room(): number {
    return NUMBER_ROOM
  }

  write(row: number, target: Uint8Array, at: number): number {
    const { values, valid } = this.#column
    if (valid !== null && valid[row] === 0) return copy(NULL, target, at)
    const value = values[row] as number
    // other readers parse -0 as an integer, which has no negative zero
    if (Object.is(value, -0)) return copy(NEGATIVE_ZERO, target, at)
    if (Number.isFinite(value)) return writeNumber(value, target, at)
    // JSON has no such numbers: write a string, which a column of numbers reads back as a number
    target[at] = QUOTE
    const end = writeNumber(value, target, at + 1)
    target[end] = QUOTE
    return end + 1
  }
}

class BigIntCells implements CellWriter {
  readonly #column: BigIntColumn

  constructor(column: BigIntColumn) {
    this.#column = column
  }

  room(): number {
    return NUMBER_ROOM
  }

  write(row: number, target: Uint8Array, at: number): number {
    const { values, valid } = this.#column
    if (valid !== null && valid[row] === 0) return copy(NULL, target, at)
    return writeBigInt(values[row] as bigint, target, at)
  }
}

class BooleanCells implements CellWriter {
  readonly #column: BooleanColumn

  constructor(column: BooleanColumn) {
    this.#column = column
  }

  room(): number {
    return FALSE.length
  }

  write(row: number, target: Uint8Array, at: number): number {
    const { values, valid } = this.#column
    const word = valid !== null && valid[row] === 0 ? NULL : values[row] === 1 ? TRUE : FALSE
    return copy(word, target, at)
  }
}

class TimestampCells implements CellWriter {
  readonly #timestamps: TimestampWriter

  constructor(column: TimestampColumn) {
    this.#timestamps = new TimestampWriter(column)
  }

  room(): number {
    return TIMESTAMP_ROOM
  }

  write(row: number, target: Uint8Array, at: number): number {
    if (this.#timestamps.isNull(row)) return copy(NULL, target, at)
    target[at] = QUOTE
    const end = this.#timestamps.write(row, target, at + 1)
    target[end] = QUOTE
    return end + 1
  }
}

class DayCells implements CellWriter {
  readonly #column: DateColumn
  readonly #days = new DayWriter()

  constructor(column: DateColumn) {
    this.#column = column
  }

  room(): number {
    return TIMESTAMP_ROOM
  }

  write(row: number, target: Uint8Array, at: number): number {
    if (this.#column.isNull(row)) return copy(NULL, target, at)
    target[at] = QUOTE
    const end = this.#days.write(this.#column.values[row] as number, target, at + 1)
    target[end] = QUOTE
    return end + 1
  }
}

/** Lists, structs and similar values: they are rare, so each is converted to text on demand. */
class OpaqueCells implements CellWriter {
  readonly #values: readonly unknown[]
  readonly #name: string
  #row = -1
  #bytes: Uint8Array = NULL

  constructor(values: readonly unknown[], name: string) {
    this.#values = values
    this.#name = name
  }

  #load(row: number): Uint8Array {
    if (row !== this.#row) {
      const text = jsonText(this.#values[row], this.#name)
      const { bytes } = encodeTexts([text], this.#name)
      this.#row = row
      this.#bytes = bytes
    }
    return this.#bytes
  }

  room(row: number): number {
    return this.#load(row).length
  }

  write(row: number, target: Uint8Array, at: number): number {
    const bytes = this.#load(row)
    target.set(bytes, at)
    return at + bytes.length
  }
}

const NULL_CELLS: CellWriter = { room: () => NULL.length, write: (_, target, at) => copy(NULL, target, at) }

/** Returns the writer of the column's cells. */
export function cellWriter(column: Column, name: string): CellWriter {
  if (column instanceof DictionaryColumn) return new DictionaryCells(column, name)
  if (column instanceof Utf8Column) return new TextCells(column)
  if (column instanceof NumberColumn) return new NumberCells(column)
  if (column instanceof TimestampColumn) return new TimestampCells(column)
  if (column instanceof DateColumn) return new DayCells(column)
  if (column instanceof BooleanColumn) return new BooleanCells(column)
  if (column instanceof BigIntColumn) return new BigIntCells(column)
  if (column instanceof NullColumn) return NULL_CELLS
  return new OpaqueCells(column.values, name)
}
