/**
 * One column of a result: kept runs are copied, updates scattered, insertions appended.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
  Utf8Column,
  type Validity,
} from '../../../table/column.ts'
import { kindsDiffer, sameArray, shiftEnds } from '../../../table/take.ts'
import { NO_ROOM, type RoomFor } from './reuse-memory.ts'

type Values = NumberColumn['values'] | BigIntColumn['values']

/**
 * The cells of a column that do not stay. A cell r ≥ 0 is row r of the pool, any other is row ~r of the table: that is read
 * where it stood before, so none is among them where the table is written over.
 */
export interface PlacedCells {
  readonly cells: Int32Array
  /** The result's row of each. */
  readonly targets: Int32Array
}

/** One column's share of the plan. */
export interface Placement extends PlacedCells {
  readonly rows: number
  readonly keptRows: number
  /** The rows of the table that stay, as pairs of first row and end. */
  readonly runs: Int32Array
  /** Memory that may be written over. */
  readonly roomFor: RoomFor
}

/** Shorter text is copied by a loop: a view of the bytes costs more than they do. */
const SHORT_TEXT = 256
/** Shorter runs are copied by a loop: a call for each costs more than its words. */
const LONG_RUN = 64

/**
 * An array as words of 4 bytes, or as bytes where it does not consist of whole words: the loops below then see two kinds of
 * array and not ten, and what is compiled for the first column serves them all. A value is one word or two.
 */
type Words = Int32Array | Uint8Array

function wordsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: Values): Words {
  const isWhole = BYTES_PER_ELEMENT % 4 === 0
  return isWhole ? new Int32Array(buffer, byteOffset, byteLength / 4) : new Uint8Array(buffer, byteOffset, byteLength)
}

// a function of its own, so that it is compiled as one, however often it is left
function copyWords(source: Words, from: number, to: number, target: Words, at: number): void {
  for (let word = from, place = at; word < to; word++) target[place++] = source[word] as number
}

/** Whether both are one stretch of memory from its beginning on: what is moved within it needs no view of its own. */
function isSame(one: Words, other: Words): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset
}

/** Moves runs together, from one array to another or within one. */
function copyRuns(base: Words, target: Words, runs: Int32Array, width: number): void {
  const isWithin = isSame(base, target)
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    const from = (runs[r] as number) * width
    const to = (runs[r + 1] as number) * width
    if (to - from <= LONG_RUN) copyWords(base, from, to, target, at)
    // by the table's own array: that of a result with fewer rows ends before the last run does
    else if (isWithin) base.copyWithin(at, from, to)
    else target.set(base.subarray(from, to), at)
    at += to - from
  }
}

/** Writes the cells that do not stay. */
function placeWords(base: Words, pool: Words, target: Words, { cells, targets }: PlacedCells, width: number): void {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as number
    const side = cell >= 0 ? pool : base
    const from = (cell >= 0 ? cell : ~cell) * width
    const to = (targets[i] as number) * width
    target[to] = side[from] as number
    if (width === 2) target[to + 1] = side[from + 1] as number
  }
}

function layValues<Array extends Values>(base: Array, pool: Array, placement: Placement): Array {
  const { rows, runs, roomFor } = placement
  const laid = roomFor(base, rows) ?? sameArray(base, rows)
  const [from, other, target] = [wordsOf(base), wordsOf(pool), wordsOf(laid)]
  const width = base.BYTES_PER_ELEMENT / target.BYTES_PER_ELEMENT
  copyRuns(from, target, runs, width)
  placeWords(from, other, target, placement, width)
  return laid
}

type Masked = { readonly valid: Validity; readonly length: number }

function layValidity(base: Masked, pool: Masked, placement: Placement): Validity {
  if (base.valid === null && pool.valid === null) return null
  const mask = ({ valid, length }: Masked) => valid ?? new Uint8Array(length).fill(1)
  return layValues(mask(base), mask(pool), placement)
}

/** Where each row of the result comes from. */
function layCells({ rows, runs, targets, cells }: Placement): Int32Array {
  const laid = new Int32Array(rows)
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    for (let row = runs[r] as number; row < (runs[r + 1] as number); row++) laid[at++] = ~row
  }
  for (let i = 0; i < targets.length; i++) laid[targets[i] as number] = cells[i] as number
  return laid
}

const MAX_BYTES = 2 ** 31 - 1

function newBytes(size: number): Uint8Array {
  if (size <= MAX_BYTES) return new Uint8Array(size)
  throw new ContractError(
    'limit_exceeded',
    `a text column of ${size} bytes is past the limit of 2 GiB; split the table`,
  )
}

/** `at` is not behind `from` where source and target share their memory. */
function copyText(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  const isWithin = isSame(source, target)
  if (isWithin && at === from) return
  if (to - from <= SHORT_TEXT) for (let i = from, t = at; i < to; i++) target[t++] = source[i] as number
  else if (isWithin) source.copyWithin(at, from, to)
  else target.set(source.subarray(from, to), at)
}

// one loop a function below: each is then compiled for itself, after fewer rows

function bytesOfRuns(offsets: Int32Array, runs: Int32Array): number {
  let size = 0
  for (let r = 0; r < runs.length; r += 2) {
    size += (offsets[runs[r + 1] as number] as number) - (offsets[runs[r] as number] as number)
  }
  return size
}

/** How many bytes those cells of the pool have; −1 where one is the table's. */
function bytesOfRows(offsets: Int32Array, rows: Int32Array): number {
  let size = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (row < 0) return -1
    size += (offsets[row + 1] as number) - (offsets[row] as number)
  }
  return size
}

function moveTexts({ bytes, offsets }: Utf8Column, runs: Int32Array, target: Uint8Array, ends: Int32Array): void {
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    const from = runs[r] as number
    const to = runs[r + 1] as number
    const begin = offsets[from] as number
    const end = ends[at] as number
    copyText(bytes, begin, offsets[to] as number, target, end)
    shiftEnds(offsets, from, to - from, end - begin, ends, at)
    at += to - from
  }
}

function appendTexts(pool: Utf8Column, rows: Int32Array, target: Uint8Array, ends: Int32Array, at: number): void {
  for (let i = 0; i < rows.length; ) {
    const from = rows[i] as number
    const first = i++
    // rows that follow each other in the pool are one run of bytes
    while (i < rows.length && rows[i] === from + i - first) i++
    const begin = pool.offsets[from] as number
    const end = ends[at + first] as number
    copyText(pool.bytes, begin, pool.offsets[from + i - first] as number, target, end)
    shiftEnds(pool.offsets, from, i - first, end - begin, ends, at + first)
  }
}

/** Text of which no row is updated, and to which so many bytes of the pool are added: runs of rows are runs of bytes. */
function appendBytes(base: Utf8Column, pool: Utf8Column, placement: Placement, added: number): Utf8Column {
  const { rows, keptRows, runs, cells } = placement
  const size = bytesOfRuns(base.offsets, runs) + added
  const roomFor = base.offsets[0] === 0 ? placement.roomFor : NO_ROOM
  const offsets = roomFor(base.offsets, rows + 1) ?? new Int32Array(rows + 1)
  const bytes = roomFor(base.bytes, size) ?? newBytes(size)
  moveTexts(base, runs, bytes, offsets)
  appendTexts(pool, cells, bytes, offsets, keptRows)
  return new Utf8Column(bytes, offsets, layValidity(base, pool, placement))
}

/** Text of which rows are updated, or come from both sides: row by row, with rows that follow each other as one run. */
function layBytes(base: Utf8Column, pool: Utf8Column, placement: Placement): Utf8Column {
  const cells = layCells(placement)
  const offsets = new Int32Array(cells.length + 1)
  let size = 0
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as number
    const from = cell >= 0 ? pool.offsets : base.offsets
    const row = cell >= 0 ? cell : ~cell
    size += (from[row + 1] as number) - (from[row] as number)
    offsets[i + 1] = size
  }
  const bytes = newBytes(size)
  let i = 0
  while (i < cells.length) {
    const cell = cells[i] as number
    const first = i++
    const step = cell >= 0 ? 1 : -1
    while (i < cells.length && cells[i] === cell + (i - first) * step) i++
    const side = cell >= 0 ? pool : base
    const row = cell >= 0 ? cell : ~cell
    const begin = side.offsets[row] as number
    copyText(side.bytes, begin, side.offsets[row + i - first] as number, bytes, offsets[first] as number)
  }
  return new Utf8Column(bytes, offsets, layValidity(base, pool, placement))
}

function layTexts(base: Utf8Column, pool: Utf8Column, placement: Placement): Utf8Column {
  const { rows, keptRows, cells } = placement
  const added = keptRows + cells.length === rows ? bytesOfRows(pool.offsets, cells) : -1
  return added < 0 ? layBytes(base, pool, placement) : appendBytes(base, pool, placement, added)
}

function layOpaque(base: OpaqueColumn, pool: OpaqueColumn, placement: Placement): OpaqueColumn {
  const values = Array.from(layCells(placement), (cell) => (cell >= 0 ? pool.values[cell] : base.values[~cell]))
  return new OpaqueColumn(values, base.origin)
}

/** Returns one column of the result from its two sides, which are of one kind and form. */
export function layColumn(base: Column, pool: Column, placement: Placement): Column {
  if (base instanceof DictionaryColumn && pool instanceof DictionaryColumn) {
    return new DictionaryColumn(layValues(base.codes, pool.codes, placement), base.values)
  }
  if (base instanceof TimestampColumn && pool instanceof TimestampColumn) {
    return new TimestampColumn(layValues(base.values, pool.values, placement), base)
  }
  if (base instanceof Utf8Column && pool instanceof Utf8Column) {
    return layTexts(base, pool, placement)
  }
  if (base instanceof NumberColumn && pool instanceof NumberColumn) {
    return new NumberColumn(
      base.kind,
      layValues(base.values, pool.values, placement),
      layValidity(base, pool, placement),
    )
  }
  if (base instanceof DateColumn && pool instanceof DateColumn) {
    return new DateColumn(layValues(base.values, pool.values, placement))
  }
  if (base instanceof BooleanColumn && pool instanceof BooleanColumn) {
    return new BooleanColumn(layValues(base.values, pool.values, placement), layValidity(base, pool, placement))
  }
  if (base instanceof BigIntColumn && pool instanceof BigIntColumn) {
    return new BigIntColumn(
      base.kind,
      layValues(base.values, pool.values, placement),
      layValidity(base, pool, placement),
    )
  }
  if (base instanceof NullColumn && pool instanceof NullColumn) return new NullColumn(placement.rows)
  if (base instanceof OpaqueColumn && pool instanceof OpaqueColumn) return layOpaque(base, pool, placement)
  throw kindsDiffer(base, pool)
}

const NONE = new Int32Array(0)

/** Returns a column of so many cells from two sides. Targets are all rows in order, one array for all columns. */
export function gatherCells(base: Column, pool: Column, placed: PlacedCells): Column {
  return layColumn(base, pool, { rows: placed.cells.length, keptRows: 0, runs: NONE, roomFor: NO_ROOM, ...placed })
}
