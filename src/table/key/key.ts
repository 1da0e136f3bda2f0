/**
 * Keys as bytes: two rows are the same if their bytes are, whatever the columns' kinds.
 * @module
 */
import { ContractError } from '../../errors.ts'
import {
  BigIntColumn,
  type Column,
  type DictionaryColumn,
  type NullColumn,
  type OpaqueColumn,
  type TimestampColumn,
  type Utf8Column,
} from '../column.ts'
import { columnOf, type Frame } from '../frame.ts'
import { exactDouble, wordsOf } from '../longs.ts'
import { markedRows } from '../take.ts'
import { plainText } from '../utf8.ts'

/** The key of every row as bytes. Row r is `bytes` from `offsets[r]` to `offsets[r + 1]`. */
export interface KeyBytes {
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
  /**
   * `text`: the UTF-8 of one text column. `tuple`: tagged parts. Keys of different forms are never
   * equal.
   */
  readonly form: 'text' | 'tuple'
  /** Rows without a key: a part of it is null, empty text or NaN. Their bytes mean nothing. */
  readonly badRows: Int32Array
}

/** The first byte of a tuple's part. */
const TAG = { text: 1, number: 2, integer: 3, negative: 4, boolean: 5, date: 6, instant: 7, wallTime: 8 } as const
const TEXT_HEAD = 5

type KeyColumn = Exclude<Column, DictionaryColumn | NullColumn | OpaqueColumn>

function partSize(column: KeyColumn): number {
  switch (column.kind) {
    case 'text':
      return TEXT_HEAD
    case 'boolean':
      return 2
    case 'date':
      return 5
    case 'timestamp':
      return 13
    default:
      return 9
  }
}

// each writer below writes one column's parts at the cursors and advances them

function writeTexts({ bytes, offsets }: Utf8Column, target: Uint8Array, cursors: Int32Array): void {
  for (let row = 0; row < cursors.length; row++) {
    const end = offsets[row + 1] as number
    let from = offsets[row] as number
    let at = cursors[row] as number
    const length = end - from
    target[at++] = TAG.text
    target[at++] = length
    target[at++] = length >> 8
    target[at++] = length >> 16
    target[at++] = length >> 24
    while (from < end) target[at++] = bytes[from++] as number
    cursors[row] = at
  }
}

function writeNumbers(values: ArrayLike<number>, view: DataView, cursors: Int32Array): void {
  for (let row = 0; row < cursors.length; row++) {
    const at = cursors[row] as number
    view.setUint8(at, TAG.number)
    // −0 + 0 is 0, so both zeros are the same key
    view.setFloat64(at + 1, (values[row] as number) + 0, true)
    cursors[row] = at + 9
  }
}

function writeIntegers(column: BigIntColumn, view: DataView, cursors: Int32Array): void {
  const words = wordsOf(column.values, column.length)
  const isSigned = column.kind === 'int64'
  for (let row = 0; row < cursors.length; row++) {
    const at = cursors[row] as number
    const low = (words[2 * row] as number) >>> 0
    const word = words[2 * row + 1] as number
    const high = isSigned ? word : word >>> 0
    const value = exactDouble(high, low)
    // an integer that a double holds is the same key in both kinds
    if (!Number.isNaN(value)) {
      view.setUint8(at, TAG.number)
      view.setFloat64(at + 1, value, true)
    } else {
      view.setUint8(at, high < 0 ? TAG.negative : TAG.integer)
      view.setUint32(at + 1, low, true)
      view.setInt32(at + 5, word, true)
    }
    cursors[row] = at + 9
  }
}

function writeTimestamps(column: TimestampColumn, view: DataView, cursors: Int32Array): void {
  const isFine = column.unit === 'us' || column.unit === 'ns'
  const tag = column.zone === null ? TAG.wallTime : TAG.instant
  for (let row = 0; row < cursors.length; row++) {
    const at = cursors[row] as number
    const milliseconds = column.milliseconds(row)
    // milliseconds and the nanoseconds within: an instant is the same key in every unit
    const rest = isFine ? column.nanoseconds(row) : 0
    view.setUint8(at, tag)
    view.setFloat64(at + 1, milliseconds, true)
    view.setInt32(at + 9, rest, true)
    cursors[row] = at + 13
  }
}

function writeSmall(values: Int32Array | Uint8Array, view: DataView, cursors: Int32Array): void {
  const isDay = values instanceof Int32Array
  for (let row = 0; row < cursors.length; row++) {
    const at = cursors[row] as number
    view.setUint8(at, isDay ? TAG.date : TAG.boolean)
    if (isDay) view.setInt32(at + 1, values[row] as number, true)
    else view.setUint8(at + 1, values[row] as number)
    cursors[row] = at + (isDay ? 5 : 2)
  }
}

function writePart(column: KeyColumn, target: Uint8Array, cursors: Int32Array): void {
  const view = new DataView(target.buffer)
  if (column.kind === 'text') writeTexts(column, target, cursors)
  else if (column instanceof BigIntColumn) writeIntegers(column, view, cursors)
  else if (column.kind === 'timestamp') writeTimestamps(column, view, cursors)
  else if (column.kind === 'date' || column.kind === 'boolean') writeSmall(column.values, view, cursors)
  else writeNumbers(column.values, view, cursors)
}

/**
 * Whether a column is text without null and empty rows, by one short loop. Most key columns are.
 */
function hasOnlyKeys(column: KeyColumn): boolean {
  if (column.kind !== 'text' || column.valid !== null) return false
  const { offsets, length } = column
  for (let row = 0; row < length; row++) if (offsets[row] === offsets[row + 1]) return false
  return true
}

/** Marks the rows where the column has no key. */
function markBad(column: KeyColumn, bad: Uint8Array): void {
  if (column.kind === 'text') {
    const { offsets } = column
    for (let row = 0; row < bad.length; row++) if (offsets[row] === offsets[row + 1]) bad[row] = 1
  } else if (column.kind === 'float64' || column.kind === 'float32') {
    const { values } = column
    for (let row = 0; row < bad.length; row++) if (Number.isNaN(values[row])) bad[row] = 1
  }
  if ('valid' in column && column.valid === null) return
  for (let row = 0; row < bad.length; row++) if (column.isNull(row)) bad[row] = 1
}

function keyColumn(frame: Frame, name: string): KeyColumn | NullColumn {
  const column = columnOf(frame, name, 'key column')
  if (column.kind === 'opaque') {
    throw new ContractError(
      'key_type',
      `key column "${name}" holds values that cannot be compared; give it a plain type`,
      {
        details: { column: name },
      },
    )
  }
  return column.kind === 'text' ? plainText(column, name) : column
}

/** Where each row's tuple begins, and the end of the last one. */
function tupleOffsets(columns: readonly KeyColumn[], rows: number): Int32Array {
  const texts = columns.filter((column) => column.kind === 'text')
  const fixed = columns.reduce((size, column) => size + partSize(column), 0)
  const size = texts.reduce(
    (sum, { offsets }) => sum + (offsets[rows] as number) - (offsets[0] as number),
    fixed * rows,
  )
  if (size > 2 ** 31 - 1) throw new ContractError('limit_exceeded', 'the keys hold more than 2 GiB; cut the table')
  const offsets = new Int32Array(rows + 1)
  for (let row = 1; row <= rows; row++) offsets[row] = row * fixed
  for (const { offsets: ends } of texts) {
    const begin = ends[0] as number
    for (let row = 1; row <= rows; row++) offsets[row] = (offsets[row] as number) + (ends[row] as number) - begin
  }
  return offsets
}

/**
 * Returns the key of every row as bytes. One text column gives its own UTF-8, without a copy where
 * it is stored as bytes. All other keys are tuples of tagged parts: ('a', 'bc') and ('ab', 'c')
 * differ, 1 and '1' differ, and a number or an instant is the same key in every width and unit. −0
 * equals 0.
 * @throws ContractError column_not_found - the frame lacks a column; key_type - a column holds
 * lists, decimals or the like
 */
export function keyBytes(frame: Frame, names: readonly string[]): KeyBytes {
  const found = names.map((name) => keyColumn(frame, name))
  const columns = found.filter((column) => column.kind !== 'null')
  let badRows: Int32Array | null = null
  const findBad = () => {
    if (columns.length === names.length && columns.every(hasOnlyKeys)) return new Int32Array(0)
    const bad = new Uint8Array(frame.rows)
    if (columns.length < names.length) bad.fill(1)
    for (const column of columns) markBad(column, bad)
    return bad.includes(1) ? markedRows(bad) : new Int32Array(0)
  }
  const keys = (bytes: Uint8Array, offsets: Int32Array, form: KeyBytes['form']): KeyBytes => ({
    bytes,
    offsets,
    form,
    // Computed on demand: a caller that takes a table's keys twice has checked the bad rows the
    // first time.
    get badRows() {
      badRows ??= findBad()
      return badRows
    },
  })
  const [only] = columns
  if (columns.length === 1 && names.length === 1 && only?.kind === 'text') {
    return keys(only.bytes, only.offsets, 'text')
  }
  const offsets = tupleOffsets(columns, frame.rows)
  const bytes = new Uint8Array(offsets[frame.rows] as number)
  const cursors = offsets.slice(0, frame.rows)
  for (const column of columns) writePart(column, bytes, cursors)
  return keys(bytes, offsets, 'tuple')
}

/**
 * Returns the keys of several sides as one, side after side, so that one index covers them all.
 * @throws ContractError key_type - one side's key is one text column and another's is not
 */
export function concatKeys(sides: readonly KeyBytes[]): KeyBytes {
  const rows = sides.reduce((sum, { offsets }) => sum + offsets.length - 1, 0)
  const size = sides.reduce((sum, { offsets }) => sum + (offsets.at(-1) as number) - (offsets[0] as number), 0)
  const bytes = new Uint8Array(size)
  const offsets = new Int32Array(rows + 1)
  const badRows: number[] = []
  const form = sides[0]?.form ?? 'text'
  let [row, end] = [0, 0]
  for (const side of sides) {
    if (side.form !== form) throw keyFormsDiffer()
    const begin = side.offsets[0] as number
    bytes.set(side.bytes.subarray(begin, side.offsets.at(-1)), end)
    for (const bad of side.badRows) badRows.push(row + bad)
    for (let i = 1; i < side.offsets.length; i++) offsets[++row] = end + (side.offsets[i] as number) - begin
    end = offsets[row] as number
  }
  return { bytes, offsets, form, badRows: Int32Array.from(badRows) }
}

/** Returns the error for two sides whose keys have different forms. */
export function keyFormsDiffer(): ContractError {
  return new ContractError(
    'key_type',
    'the key is one text column on one side and something else on the other; convert one of them',
  )
}
