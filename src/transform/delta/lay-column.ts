/**
 * One column of a result: kept runs are copied, updates scattered, insertions appended.
 * @module
 */
import { ContractError } from '../../errors.ts'
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
} from '../../table/column.ts'
import { kindsDiffer, sameArray } from '../../table/gather.ts'
import { NO_ROOM, type RoomFor } from './reuse.ts'

type Values = NumberColumn['values'] | BigIntColumn['values']

/** One column's share of the plan: where its updated and appended cells come from. */
export interface Placement {
  readonly rows: number
  readonly keptRows: number
  readonly runs: Int32Array
  readonly targets: Int32Array
  readonly updates: Int32Array
  readonly appends: Int32Array
  /** Memory that may be written over. */
  readonly roomFor: RoomFor
}

/** Shorter text is copied by a loop: a view of the bytes costs more than they do. */
const SHORT_TEXT = 256
/** Where runs are shorter than this on average, they are copied by a loop: a call for each costs more than its cells. */
const SHORT_RUN = 24

// copied as words or bytes whatever the values are: two loops, hot after the first column, serve all kinds

function copyShort(base: Int32Array | Uint8Array, target: Int32Array | Uint8Array, runs: Int32Array, width: number) {
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    const to = (runs[r + 1] as number) * width
    for (let from = (runs[r] as number) * width; from < to; from++) target[at++] = base[from] as number
  }
}

/** All at once, then the runs moved up one after the other: native calls that need no warming up and leave no garbage. */
function copyLong(base: Values, target: Values, runs: Int32Array): void {
  const room = target.length
  // base and target are one kind of array; TypeScript pairs the overloads of set one by one
  const [source, copy] = [base as Float64Array, target as Float64Array]
  copy.set(source.length <= room ? source : source.subarray(0, room))
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    const from = runs[r] as number
    const to = runs[r + 1] as number
    if (to > room) copy.set(source.subarray(from, to), at)
    else if (at < from) copy.copyWithin(at, from, to)
    at += to - from
  }
}

function copyRuns(base: Values, target: Values, runs: Int32Array, rows: number): void {
  if ((runs.length / 2) * SHORT_RUN <= rows) {
    copyLong(base, target, runs)
    return
  }
  const width = base.BYTES_PER_ELEMENT
  const isAligned = width % 4 === 0 && base.byteOffset % 4 === 0
  const view = <View>(
    type: new (buffer: ArrayBufferLike, offset: number, length: number) => View,
    array: Values,
    size: number,
  ) => new type(array.buffer, array.byteOffset, array.byteLength / size)
  if (isAligned) copyShort(view(Int32Array, base, 4), view(Int32Array, target, 4), runs, width / 4)
  else copyShort(view(Uint8Array, base, 1), view(Uint8Array, target, 1), runs, width)
}

/** Moves the runs together, in the memory in which they stand. */
function moveRuns(values: Values, runs: Int32Array): void {
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    const from = runs[r] as number
    const to = runs[r + 1] as number
    // faster than copyWithin, which looks its arguments up each time
    if (at < from) (values as Float64Array).set((values as Float64Array).subarray(from, to), at)
    at += to - from
  }
}

function layValues<Array extends Values>(base: Array, pool: Array, placement: Placement): Array {
  const { rows, keptRows, runs, targets, updates, appends, roomFor } = placement
  const room = roomFor(base, rows)
  if (room !== null) moveRuns(base, runs)
  const target = room ?? sameArray(base, rows)
  if (room === null) copyRuns(base, target, runs, keptRows)
  for (let i = 0; i < targets.length; i++) {
    const cell = updates[i] as number
    if (cell >= 0) target[targets[i] as number] = pool[cell] as never
  }
  for (let i = 0; i < appends.length; i++) {
    const cell = appends[i] as number
    target[keptRows + i] = (cell >= 0 ? pool[cell] : base[~cell]) as never
  }
  return target
}

type Masked = { readonly valid: Validity; readonly length: number }

function layValidity(base: Masked, pool: Masked, placement: Placement): Validity {
  if (base.valid === null && pool.valid === null) return null
  const mask = ({ valid, length }: Masked) => valid ?? new Uint8Array(length).fill(1)
  return layValues(mask(base), mask(pool), placement)
}

/** Where each row of the result comes from. */
function layCells({ rows, keptRows, runs, targets, updates, appends }: Placement): Int32Array {
  const cells = new Int32Array(rows)
  let at = 0
  for (let r = 0; r < runs.length; r += 2) {
    for (let row = runs[r] as number; row < (runs[r + 1] as number); row++) cells[at++] = ~row
  }
  for (let i = 0; i < targets.length; i++) cells[targets[i] as number] = updates[i] as number
  cells.set(appends, keptRows)
  return cells
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
  if (source.buffer === target.buffer && at === from) return
  if (to - from > SHORT_TEXT) target.set(source.subarray(from, to), at)
  else for (let i = from, t = at; i < to; i++) target[t++] = source[i] as number
}

/** Text of which no row is updated: runs of rows are runs of bytes. */
function appendBytes(base: Utf8Column, pool: Utf8Column, placement: Placement): Utf8Column {
  const { rows, keptRows, runs, appends } = placement
  const roomFor = base.offsets[0] === 0 ? placement.roomFor : NO_ROOM
  const offsets = roomFor(base.offsets, rows + 1) ?? new Int32Array(rows + 1)
  let size = 0
  for (let r = 0; r < runs.length; r += 2) {
    size += (base.offsets[runs[r + 1] as number] as number) - (base.offsets[runs[r] as number] as number)
  }
  for (const row of appends) size += (pool.offsets[row + 1] as number) - (pool.offsets[row] as number)
  const bytes = roomFor(base.bytes, size) ?? newBytes(size)
  let at = 0
  let end = 0
  for (let r = 0; r < runs.length; r += 2) {
    const from = runs[r] as number
    const to = runs[r + 1] as number
    const begin = base.offsets[from] as number
    const shift = end - begin
    copyText(base.bytes, begin, base.offsets[to] as number, bytes, end)
    for (let row = from + 1; row <= to; row++) offsets[++at] = (base.offsets[row] as number) + shift
    end = offsets[at] as number
  }
  for (let i = 0; i < appends.length; ) {
    const from = appends[i] as number
    const first = i++
    // rows that follow each other in the pool are one run of bytes
    while (i < appends.length && appends[i] === from + i - first) i++
    const begin = pool.offsets[from] as number
    const shift = end - begin
    copyText(pool.bytes, begin, pool.offsets[from + i - first] as number, bytes, end)
    for (let row = first; row < i; row++) {
      offsets[keptRows + row + 1] = (pool.offsets[from + row - first + 1] as number) + shift
    }
    end = offsets[keptRows + i] as number
  }
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
    const isAppended = placement.targets.length === 0 && placement.appends.every((cell) => cell >= 0)
    return isAppended ? appendBytes(base, pool, placement) : layBytes(base, pool, placement)
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

/** Returns a column of cells from two sides: a cell r ≥ 0 is row r of the pool, any other is row ~r of the table. */
export function gatherCells(base: Column, pool: Column, cells: Int32Array): Column {
  const nowhere = { keptRows: 0, runs: NONE, targets: NONE, updates: NONE, roomFor: NO_ROOM }
  const placement = { rows: cells.length, ...nowhere, appends: cells }
  return layColumn(base, pool, placement)
}
