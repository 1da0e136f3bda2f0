/**
 * Whether rows hold the same cells, compared column by column.
 * @module
 */
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_NANOSECONDS,
  NumberColumn,
  TimestampColumn,
  Utf8Column,
} from '../../table/column.ts'

/**
 * Two columns of one kind, and one dictionary where they have one: the table's and the pool's.
 * A cell r ≥ 0 is row r of the pool, any other is row ~r of the table.
 */
export interface CellPair<Side = Column> {
  readonly base: Side
  readonly pool: Side
}

type Numbers = NumberColumn['values']

/** Cells whose null is a value of its own: codes, moments, days. */
function compareValues({ base, pool }: CellPair<Numbers>, a: Int32Array, b: Int32Array, same: Uint8Array) {
  for (let i = 0; i < same.length; i++) {
    const left = a[i] as number
    const right = b[i] as number
    if (same[i] === 0 || left === right) continue
    const x = (left >= 0 ? pool[left] : base[~left]) as number
    const y = (right >= 0 ? pool[right] : base[~right]) as number
    if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) same[i] = 0
  }
}

type MaskedColumn = NumberColumn | BooleanColumn | BigIntColumn | Utf8Column

function isNullAt({ base, pool }: CellPair<{ readonly valid: Uint8Array | null }>, cell: number): boolean {
  if (cell >= 0) return pool.valid !== null && pool.valid[cell] === 0
  return base.valid !== null && base.valid[~cell] === 0
}

/** Clears `same` where just one of two cells is null, and returns 1 where both have a value to compare. */
function compareNulls(pair: CellPair<MaskedColumn>, a: Int32Array, b: Int32Array, same: Uint8Array): Uint8Array {
  const open = new Uint8Array(same.length)
  for (let i = 0; i < same.length; i++) {
    const left = a[i] as number
    const right = b[i] as number
    if (same[i] === 0 || left === right) continue
    const isNull = isNullAt(pair, left)
    if (isNull !== isNullAt(pair, right)) same[i] = 0
    else if (!isNull) open[i] = 1
  }
  return open
}

function compareMasked<Value extends number | bigint>(
  { base, pool }: CellPair<ArrayLike<Value>>,
  open: Uint8Array,
  a: Int32Array,
  b: Int32Array,
  same: Uint8Array,
) {
  for (let i = 0; i < same.length; i++) {
    if (open[i] === 0) continue
    const left = a[i] as number
    const right = b[i] as number
    const x = left >= 0 ? pool[left] : base[~left]
    const y = right >= 0 ? pool[right] : base[~right]
    // a change of the sign of zero is a change, a NaN that stays is none
    if (!Object.is(x, y)) same[i] = 0
  }
}

function compareBytes(
  { base, pool }: CellPair<Utf8Column>,
  open: Uint8Array,
  a: Int32Array,
  b: Int32Array,
  same: Uint8Array,
) {
  for (let i = 0; i < same.length; i++) {
    if (open[i] === 0) continue
    const [left, right] = [a[i] as number, b[i] as number]
    const [x, y] = [left >= 0 ? pool : base, right >= 0 ? pool : base]
    const [rowX, rowY] = [left >= 0 ? left : ~left, right >= 0 ? right : ~right]
    let at = x.offsets[rowX] as number
    let other = y.offsets[rowY] as number
    const end = x.offsets[rowX + 1] as number
    if (end - at !== (y.offsets[rowY + 1] as number) - other) same[i] = 0
    else while (at < end && x.bytes[at] === y.bytes[other]) [at, other] = [at + 1, other + 1]
    if (at < end) same[i] = 0
  }
}

function isSameValue(x: unknown, y: unknown): boolean {
  if (Object.is(x, y)) return true
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false
  if (x instanceof Date || y instanceof Date) return x instanceof Date && y instanceof Date && Object.is(+x, +y)
  // lists, typed arrays and other libraries' vectors are compared by what they iterate over
  if (Symbol.iterator in x && Symbol.iterator in y) {
    const [left, right] = [[...(x as Iterable<unknown>)], [...(y as Iterable<unknown>)]]
    return left.length === right.length && left.every((value, i) => isSameValue(value, right[i]))
  }
  const [left, right] = [Object.entries(x), Object.entries(y)]
  return (
    left.length === right.length &&
    left.every(([name, value]) => Object.hasOwn(y, name) && isSameValue(value, (y as Record<string, unknown>)[name]))
  )
}

function compareOpaque({ base, pool }: CellPair<Column>, a: Int32Array, b: Int32Array, same: Uint8Array) {
  const read = (cell: number) => (cell >= 0 ? pool.at(cell) : base.at(~cell))
  for (let i = 0; i < same.length; i++) {
    if (same[i] === 1 && a[i] !== b[i] && !isSameValue(read(a[i] as number), read(b[i] as number))) same[i] = 0
  }
}

/** Nanoseconds as integers with a mask: the one moment that needs 64 bits. */
function nanoseconds({ values }: TimestampColumn): BigIntColumn {
  const exact = values as BigInt64Array
  const valid = new Uint8Array(exact.length)
  for (let row = 0; row < valid.length; row++) valid[row] = exact[row] === NULL_NANOSECONDS ? 0 : 1
  return new BigIntColumn('int64', exact, valid)
}

/** Clears `same[i]` where cell `a[i]` and cell `b[i]` differ. Changes `same` alone. */
export function compareCells({ base, pool }: CellPair, a: Int32Array, b: Int32Array, same: Uint8Array): void {
  if (base instanceof DictionaryColumn && pool instanceof DictionaryColumn) {
    compareValues({ base: base.codes, pool: pool.codes }, a, b, same)
  } else if (base instanceof TimestampColumn && pool instanceof TimestampColumn) {
    if (base.values instanceof Float64Array && pool.values instanceof Float64Array) {
      compareValues({ base: base.values, pool: pool.values }, a, b, same)
    } else compareCells({ base: nanoseconds(base), pool: nanoseconds(pool) }, a, b, same)
  } else if (base instanceof DateColumn && pool instanceof DateColumn) {
    compareValues({ base: base.values, pool: pool.values }, a, b, same)
  } else if (base instanceof Utf8Column && pool instanceof Utf8Column) {
    compareBytes({ base, pool }, compareNulls({ base, pool }, a, b, same), a, b, same)
  } else if (base instanceof BigIntColumn && pool instanceof BigIntColumn) {
    const open = compareNulls({ base, pool }, a, b, same)
    compareMasked({ base: base.values, pool: pool.values }, open, a, b, same)
  } else if (isNumeric(base) && isNumeric(pool)) {
    const open = compareNulls({ base, pool }, a, b, same)
    compareMasked({ base: base.values, pool: pool.values }, open, a, b, same)
  } else compareOpaque({ base, pool }, a, b, same)
}

function isNumeric(column: Column): column is NumberColumn | BooleanColumn {
  return column instanceof NumberColumn || column instanceof BooleanColumn
}

/** A column that counts when rows are compared: its two sides, and which of the partial columns it is, or −1. */
export interface ComparedColumn extends CellPair {
  readonly partial: number
  /** 1 at pool rows that are null; null where none is. */
  readonly nulls: Uint8Array | null
}

/**
 * Rows as references to their cells: `source` for most columns, `cells` for each partial one.
 * Row i of one is compared with row i of the other.
 */
export interface RowReferences {
  readonly source: Int32Array
  readonly cells: readonly Int32Array[]
}

/** Returns 1 for each pair of rows that hold the same cells in the columns that count. */
export function sameRows(
  columns: readonly (CellPair & { readonly partial: number })[],
  before: RowReferences,
  after: RowReferences,
): Uint8Array {
  const same = new Uint8Array(before.source.length).fill(1)
  for (const { base, pool, partial } of columns) {
    const [a, b] = [before.cells[partial] ?? before.source, after.cells[partial] ?? after.source]
    compareCells({ base, pool }, a, b, same)
  }
  return same
}
