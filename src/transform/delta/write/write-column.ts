/**
 * Writes one column of a result: kept runs are copied, updates overwritten, insertions appended.
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
import { NO_REUSE, type ReuseArray } from './reuse-memory.ts'

type Values = NumberColumn['values'] | BigIntColumn['values']

/**
 * The cells of a column to write. Cell r ≥ 0 is delta row r; any other is row ~r of the table, read
 * at its old position. Where the table is overwritten, all cells are delta rows.
 */
export interface PlacedCells {
  readonly cells: Int32Array
  /** The result's row of each cell. */
  readonly targets: Int32Array
}

/** The layout for one column. */
export interface Placement extends PlacedCells {
  readonly rows: number
  readonly keptRows: number
  /** The ranges of the table's rows that stay, as pairs of first row and end. */
  readonly runs: Int32Array
  /** The memory that may be overwritten. */
  readonly reuse: ReuseArray
}

/** Texts up to this many bytes are copied by a loop: creating a view would cost more. */
const SHORT_TEXT = 256
/** Runs up to this many words are copied by a loop: a call per run would cost more. */
const LONG_RUN = 64

/**
 * An array as 4-byte words, or as bytes where the element size is not a multiple of 4. The loops
 * below then see two array classes instead of ten, and compile once for all columns. A value is one
 * word or two.
 */
type Words = Int32Array | Uint8Array

function wordsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: Values): Words {
  const isWhole = BYTES_PER_ELEMENT % 4 === 0
  return isWhole ? new Int32Array(buffer, byteOffset, byteLength / 4) : new Uint8Array(buffer, byteOffset, byteLength)
}

// a separate function, so that it compiles as one unit
function copyWords(source: Words, from: number, to: number, target: Words, at: number): void {
  for (let word = from, place = at; word < to; word++) target[place++] = source[word] as number
}

/** Whether both start at the same memory. A move within it needs no view. */
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
    // through the table's own array, because a shorter result may end before the last run
    else if (isWithin) base.copyWithin(at, from, to)
    else target.set(base.subarray(from, to), at)
    at += to - from
  }
}

/** Writes the placed cells. */
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

function writeValues<Array extends Values>(base: Array, pool: Array, placement: Placement): Array {
  const { rows, runs, reuse } = placement
  const written = reuse(base, rows) ?? sameArray(base, rows)
  const [from, other, target] = [wordsOf(base), wordsOf(pool), wordsOf(written)]
  const width = base.BYTES_PER_ELEMENT / target.BYTES_PER_ELEMENT
  copyRuns(from, target, runs, width)
  placeWords(from, other, target, placement, width)
  return written
}

type Masked = { readonly valid: Validity; readonly length: number }

function writeValidity(base: Masked, pool: Masked, placement: Placement): Validity {
  if (base.valid === null && pool.valid === null) return null
  const mask = ({ valid, length }: Masked) => valid ?? new Uint8Array(length).fill(1)
  return writeValues(mask(base), mask(pool), placement)
}

/** Returns the source cell of each row of the result. */
function sourceCells({ rows, runs, targets, cells }: Placement): Int32Array {
  const written = new Int32Array(rows)
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    for (let row = runs[r] as number; row < (runs[r + 1] as number); row++) written[at++] = ~row
  }
  for (let i = 0; i < targets.length; i++) written[targets[i] as number] = cells[i] as number
  return written
}

const MAX_BYTES = 2 ** 31 - 1

function newBytes(size: number): Uint8Array {
  if (size <= MAX_BYTES) return new Uint8Array(size)
  throw new ContractError(
    'limit_exceeded',
    `a text column of ${size} bytes is past the limit of 2 GiB; split the table`,
  )
}

/** Where source and target share memory, `at` must not be after `from`. */
function copyText(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  const isWithin = isSame(source, target)
  if (isWithin && at === from) return
  if (to - from <= SHORT_TEXT) for (let i = from, t = at; i < to; i++) target[t++] = source[i] as number
  else if (isWithin) source.copyWithin(at, from, to)
  else target.set(source.subarray(from, to), at)
}

// one loop per function below, so that each compiles on its own, after fewer rows

function bytesOfRuns(offsets: Int32Array, runs: Int32Array): number {
  let size = 0
  for (let r = 0; r < runs.length; r += 2) {
    size += (offsets[runs[r + 1] as number] as number) - (offsets[runs[r] as number] as number)
  }
  return size
}

/** Returns the bytes of the delta cells; −1 where a cell is the table's. */
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
    // consecutive delta rows are one run of bytes
    while (i < rows.length && rows[i] === from + i - first) i++
    const begin = pool.offsets[from] as number
    const end = ends[at + first] as number
    copyText(pool.bytes, begin, pool.offsets[from + i - first] as number, target, end)
    shiftEnds(pool.offsets, from, i - first, end - begin, ends, at + first)
  }
}

/**
 * Writes text without updated rows, with `added` bytes of delta rows at the end. Runs of rows are
 * runs of bytes.
 */
function appendBytes(base: Utf8Column, pool: Utf8Column, placement: Placement, added: number): Utf8Column {
  const { rows, keptRows, runs, cells } = placement
  const size = bytesOfRuns(base.offsets, runs) + added
  const reuse = base.offsets[0] === 0 ? placement.reuse : NO_REUSE
  const offsets = reuse(base.offsets, rows + 1) ?? new Int32Array(rows + 1)
  const bytes = reuse(base.bytes, size) ?? newBytes(size)
  moveTexts(base, runs, bytes, offsets)
  appendTexts(pool, cells, bytes, offsets, keptRows)
  return new Utf8Column(bytes, offsets, writeValidity(base, pool, placement))
}

/** Writes text with updated rows, or rows of both sides. Consecutive rows are copied as one run. */
function writeTextRows(base: Utf8Column, pool: Utf8Column, placement: Placement): Utf8Column {
  const cells = sourceCells(placement)
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
  return new Utf8Column(bytes, offsets, writeValidity(base, pool, placement))
}

function writeTexts(base: Utf8Column, pool: Utf8Column, placement: Placement): Utf8Column {
  const { rows, keptRows, cells } = placement
  const added = keptRows + cells.length === rows ? bytesOfRows(pool.offsets, cells) : -1
  return added < 0 ? writeTextRows(base, pool, placement) : appendBytes(base, pool, placement, added)
}

function writeOpaque(base: OpaqueColumn, pool: OpaqueColumn, placement: Placement): OpaqueColumn {
  const values = Array.from(sourceCells(placement), (cell) => (cell >= 0 ? pool.values[cell] : base.values[~cell]))
  return new OpaqueColumn(values, base.origin)
}

/** Returns one column of the result from its two sides, which must have the same kind and form. */
export function writeColumn(base: Column, pool: Column, placement: Placement): Column {
  if (base instanceof DictionaryColumn && pool instanceof DictionaryColumn) {
    return new DictionaryColumn(writeValues(base.codes, pool.codes, placement), base.values)
  }
  if (base instanceof TimestampColumn && pool instanceof TimestampColumn) {
    return new TimestampColumn(writeValues(base.values, pool.values, placement), base)
  }
  if (base instanceof Utf8Column && pool instanceof Utf8Column) {
    return writeTexts(base, pool, placement)
  }
  if (base instanceof NumberColumn && pool instanceof NumberColumn) {
    return new NumberColumn(
      base.kind,
      writeValues(base.values, pool.values, placement),
      writeValidity(base, pool, placement),
    )
  }
  if (base instanceof DateColumn && pool instanceof DateColumn) {
    return new DateColumn(writeValues(base.values, pool.values, placement))
  }
  if (base instanceof BooleanColumn && pool instanceof BooleanColumn) {
    return new BooleanColumn(writeValues(base.values, pool.values, placement), writeValidity(base, pool, placement))
  }
  if (base instanceof BigIntColumn && pool instanceof BigIntColumn) {
    return new BigIntColumn(
      base.kind,
      writeValues(base.values, pool.values, placement),
      writeValidity(base, pool, placement),
    )
  }
  if (base instanceof NullColumn && pool instanceof NullColumn) return new NullColumn(placement.rows)
  if (base instanceof OpaqueColumn && pool instanceof OpaqueColumn) return writeOpaque(base, pool, placement)
  throw kindsDiffer(base, pool)
}

const NONE = new Int32Array(0)

/** Returns a new column of the placed cells. The targets must be all rows, in order. */
export function takeCells(base: Column, pool: Column, placed: PlacedCells): Column {
  return writeColumn(base, pool, { rows: placed.cells.length, keptRows: 0, runs: NONE, reuse: NO_REUSE, ...placed })
}
