import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  type OpaqueColumn,
  TimestampColumn,
  Utf8Column,
} from '../../../table/column.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import { jsonText } from '../../json/value.ts'
import { NUMBER_ROOM, writeAscii, writeBigInt, writeNumber } from '../../text/number-text.ts'
import { DayWriter, TIMESTAMP_ROOM, TimestampWriter } from '../../text/timestamp-text.ts'
import { dressedSize, isBare, QUOTE, type Quoting, writeDressed } from '../quoting.ts'
import type { CellWriter } from './cell-writer.ts'
import { TimestampCells } from './timestamps.ts'

/** More bytes than this are copied faster by a call than four at a time. */
const FEW = 128

/** Copies exactly `size` bytes, four at a time; the last four overlap. */
function copyBytes(source: DataView, from: number, size: number, target: DataView, at: number): void {
  if (size >= 4) {
    const last = size - 4
    for (let i = 0; i < last; i += 4) target.setInt32(at + i, source.getInt32(from + i))
    target.setInt32(at + last, source.getInt32(from + last))
  } else if (size >= 2) {
    target.setInt16(at, source.getInt16(from))
    target.setInt16(at + size - 2, source.getInt16(from + size - 2))
  } else if (size === 1) target.setUint8(at, source.getUint8(from))
}

/** Quotes each distinct text once; null is one more entry, of zero bytes. */
class DictionaryCells implements CellWriter {
  readonly #codes: Int32Array
  readonly #view: DataView
  readonly #offsets: Int32Array

  constructor({ codes, values }: DictionaryColumn, name: string, quoting: Quoting) {
    const { bytes, offsets } = encodeTexts(values, name)
    const count = values.length
    const ends = new Int32Array(count + 2)
    const dressed = new Uint8Array(bytes.length * 2 + count * 3)
    let end = 0
    for (let code = 0; code < count; code++) {
      const [start, stop] = [offsets[code] as number, offsets[code + 1] as number]
      if (isBare(bytes, start, stop, quoting)) {
        dressed.set(bytes.subarray(start, stop), end)
        end += stop - start
      } else end = writeDressed(bytes, start, stop, quoting, dressed, end)
      ends[code + 1] = end
    }
    ends[count + 1] = end
    this.#codes = codes
    this.#view = new DataView(dressed.buffer)
    this.#offsets = ends
  }

  measure(from: number, rows: number, sizes: Int32Array): void {
    const codes = this.#codes
    const offsets = this.#offsets
    const none = offsets.length - 2
    for (let row = 0; row < rows; row++) {
      const found = codes[from + row] as number
      const code = found < 0 ? none : found
      sizes[row] = (sizes[row] as number) + (offsets[code + 1] as number) - (offsets[code] as number) + 1
    }
  }

  write(from: number, rows: number, _: Uint8Array, view: DataView, ends: Int32Array, stop: number): void {
    const codes = this.#codes
    const offsets = this.#offsets
    const none = offsets.length - 2
    const entries = this.#view
    for (let row = 0; row < rows; row++) {
      const found = codes[from + row] as number
      const code = found < 0 ? none : found
      const start = offsets[code] as number
      const size = (offsets[code + 1] as number) - start
      const at = ends[row] as number
      copyBytes(entries, start, size, view, at)
      view.setUint8(at + size, stop)
      ends[row] = at + size + 1
    }
  }
}

class TextCells implements CellWriter {
  readonly #column: Utf8Column
  readonly #view: DataView
  readonly #quoting: Quoting
  /** The size of each cell of the block, negative where the cell is quoted. */
  #sizes = new Int32Array(0)

  constructor(column: Utf8Column, quoting: Quoting) {
    const { bytes } = column
    this.#column = column
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#quoting = quoting
  }

  measure(from: number, rows: number, sizes: Int32Array): void {
    if (this.#sizes.length < rows) this.#sizes = new Int32Array(rows)
    const { bytes, offsets, valid } = this.#column
    const own = this.#sizes
    const quoting = this.#quoting
    for (let row = 0; row < rows; row++) {
      const start = offsets[from + row] as number
      const end = offsets[from + row + 1] as number
      let size = 0
      if (valid === null || valid[from + row] === 1) {
        size = isBare(bytes, start, end, quoting) ? end - start : -dressedSize(bytes, start, end, quoting)
      }
      own[row] = size
      sizes[row] = (sizes[row] as number) + (size < 0 ? -size : size) + 1
    }
  }

  write(from: number, rows: number, target: Uint8Array, view: DataView, ends: Int32Array, stop: number): void {
    const { bytes, offsets } = this.#column
    const own = this.#sizes
    const source = this.#view
    for (let row = 0; row < rows; row++) {
      const size = own[row] as number
      const start = offsets[from + row] as number
      let at = ends[row] as number
      const length = (offsets[from + row + 1] as number) - start
      // quoted, and nothing in it is written otherwise
      const isWrapped = -size === length + 2
      if (size < 0 && !isWrapped) at = writeDressed(bytes, start, start + length, this.#quoting, target, at)
      else if (size !== 0) {
        if (isWrapped) target[at++] = QUOTE
        if (length > FEW) target.set(bytes.subarray(start, start + length), at)
        else copyBytes(source, start, length, view, at)
        at += length
        if (isWrapped) target[at++] = QUOTE
      }
      target[at] = stop
      ends[row] = at + 1
    }
  }
}

/** Cells whose text is made while they are measured, and kept until they are written. */
class MadeCells implements CellWriter {
  readonly #room: number
  readonly #make: (row: number, target: Uint8Array, at: number) => number
  #texts = new Uint8Array(0)
  #view = new DataView(this.#texts.buffer)
  #sizes = new Int32Array(0)

  /** `make` writes a row's text of at most `room` bytes and returns its end. */
  constructor(room: number, make: (row: number, target: Uint8Array, at: number) => number) {
    this.#room = room
    this.#make = make
  }

  measure(from: number, rows: number, sizes: Int32Array): void {
    const room = this.#room
    if (this.#sizes.length < rows) {
      this.#sizes = new Int32Array(rows)
      this.#texts = new Uint8Array(rows * room)
      this.#view = new DataView(this.#texts.buffer)
    }
    const own = this.#sizes
    for (let row = 0; row < rows; row++) {
      const size = this.#make(from + row, this.#texts, row * room) - row * room
      own[row] = size
      sizes[row] = (sizes[row] as number) + size + 1
    }
  }

  write(_: number, rows: number, __: Uint8Array, view: DataView, ends: Int32Array, stop: number): void {
    const own = this.#sizes
    for (let row = 0; row < rows; row++) {
      const size = own[row] as number
      const at = ends[row] as number
      copyBytes(this.#view, row * this.#room, size, view, at)
      view.setUint8(at + size, stop)
      ends[row] = at + size + 1
    }
  }
}

function numberCells({ values, valid }: NumberColumn): CellWriter {
  return new MadeCells(NUMBER_ROOM, (row, target, at) => {
    if (valid !== null && valid[row] === 0) return at
    return writeNumber(values[row] as number, target, at)
  })
}

function bigIntCells({ values, valid }: BigIntColumn): CellWriter {
  return new MadeCells(NUMBER_ROOM, (row, target, at) => {
    if (valid !== null && valid[row] === 0) return at
    return writeBigInt(values[row] as bigint, target, at)
  })
}

function booleanCells({ values, valid }: BooleanColumn): CellWriter {
  return new MadeCells(8, (row, target, at) => {
    if (valid !== null && valid[row] === 0) return at
    return writeAscii(values[row] === 1 ? 'true' : 'false', target, at)
  })
}

function dayCells(column: DateColumn): CellWriter {
  const days = new DayWriter()
  return new MadeCells(TIMESTAMP_ROOM, (row, target, at) =>
    column.isNull(row) ? at : days.write(column.values[row] as number, target, at),
  )
}

function otherTimestampCells(column: TimestampColumn): CellWriter {
  const instants = new TimestampWriter(column)
  return new MadeCells(TIMESTAMP_ROOM, (row, target, at) =>
    instants.isNull(row) ? at : instants.write(row, target, at),
  )
}

/**
 * Lists, structs and similar values are written as JSON text; Arrow's decimals, clock times and
 * durations as plain text.
 */
function opaqueCells({ values, origin }: OpaqueColumn, name: string, quoting: Quoting): CellWriter {
  const isBareText = origin !== null
  const texts = Array.from(values, (value) => {
    if (value === null || value === undefined) return null
    return isBareText && typeof value === 'string' ? value : jsonText(value, name)
  })
  return new TextCells(encodeTexts(texts, name), quoting)
}

/** Returns the writer of the column's cells. */
export function cellWriter(column: Column, name: string, quoting: Quoting): CellWriter {
  if (column instanceof DictionaryColumn) return new DictionaryCells(column, name, quoting)
  if (column instanceof Utf8Column) return new TextCells(column, quoting)
  if (column instanceof NumberColumn) return numberCells(column)
  if (column instanceof TimestampColumn) {
    const { values, unit, zone } = column
    return values instanceof Float64Array && unit === 'ms' && zone !== null
      ? new TimestampCells(values)
      : otherTimestampCells(column)
  }
  if (column instanceof DateColumn) return dayCells(column)
  if (column instanceof BooleanColumn) return booleanCells(column)
  if (column instanceof BigIntColumn) return bigIntCells(column)
  if (column instanceof NullColumn) return new MadeCells(1, (_, __, at) => at)
  return opaqueCells(column, name, quoting)
}
