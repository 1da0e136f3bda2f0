/**
 * Whether rows have equal cells, compared column by column.
 * @module
 */
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NumberColumn,
  TimestampColumn,
  Utf8Column,
  type Validity,
} from '../../../table/column.ts'
import { countUp } from '../../../table/take.ts'

/**
 * The two sides of a column, of one kind and with one dictionary: the table's and the delta rows'.
 * Cell r ≥ 0 is delta row r; any other is row ~r of the table.
 */
export interface CellPair<Side = Column> {
  readonly base: Side
  readonly pool: Side
}

/**
 * Pairs of cells: pair i is cell `left[i]` and cell `right[i]`. The first `count` entries of `open`
 * are the pairs still to compare. The functions below move the equal ones to the front and return
 * their number.
 */
interface OpenPairs {
  readonly left: Int32Array
  readonly right: Int32Array
  readonly open: Int32Array
  readonly count: number
}

type Values = NumberColumn['values'] | BigIntColumn['values']

/** Compares cells whose null is a reserved value: codes, timestamps, days. */
function keepValues({ base, pool }: CellPair<Values>, { left, right, open, count }: OpenPairs): number {
  let kept = 0
  for (let i = 0; i < count; i++) {
    const pair = open[i] as number
    const a = left[pair] as number
    const b = right[pair] as number
    if (a !== b) {
      const x = a >= 0 ? pool[a] : base[~a]
      const y = b >= 0 ? pool[b] : base[~b]
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) continue
    }
    open[kept++] = pair
  }
  return kept
}

function isNullAt({ base, pool }: CellPair<{ readonly valid: Validity }>, cell: number): boolean {
  if (cell >= 0) return pool.valid !== null && pool.valid[cell] === 0
  return base.valid !== null && base.valid[~cell] === 0
}

type MaskedColumn = NumberColumn | BooleanColumn | BigIntColumn

function keepMasked(sides: CellPair<MaskedColumn>, { left, right, open, count }: OpenPairs): number {
  const [base, pool] = [sides.base.values, sides.pool.values]
  let kept = 0
  for (let i = 0; i < count; i++) {
    const pair = open[i] as number
    const a = left[pair] as number
    const b = right[pair] as number
    if (a !== b) {
      const isNull = isNullAt(sides, a)
      if (isNull !== isNullAt(sides, b)) continue
      const x = a >= 0 ? pool[a] : base[~a]
      const y = b >= 0 ? pool[b] : base[~b]
      // 0 and −0 differ; NaN equals NaN
      if (!isNull && !Object.is(x, y)) continue
    }
    open[kept++] = pair
  }
  return kept
}

function isSameText(one: Utf8Column, row: number, other: Utf8Column, otherRow: number): boolean {
  let at = one.offsets[row] as number
  let otherAt = other.offsets[otherRow] as number
  const end = one.offsets[row + 1] as number
  if (end - at !== (other.offsets[otherRow + 1] as number) - otherAt) return false
  while (at < end) if (one.bytes[at++] !== other.bytes[otherAt++]) return false
  return true
}

function keepTexts(sides: CellPair<Utf8Column>, { left, right, open, count }: OpenPairs): number {
  const { base, pool } = sides
  let kept = 0
  for (let i = 0; i < count; i++) {
    const pair = open[i] as number
    const a = left[pair] as number
    const b = right[pair] as number
    if (a !== b) {
      const isNull = isNullAt(sides, a)
      if (isNull !== isNullAt(sides, b)) continue
      const [one, row] = [a >= 0 ? pool : base, a >= 0 ? a : ~a]
      const [other, otherRow] = [b >= 0 ? pool : base, b >= 0 ? b : ~b]
      if (!isNull && !isSameText(one, row, other, otherRow)) continue
    }
    open[kept++] = pair
  }
  return kept
}

function isSameValue(x: unknown, y: unknown): boolean {
  if (Object.is(x, y)) return true
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false
  if (x instanceof Date || y instanceof Date) return x instanceof Date && y instanceof Date && Object.is(+x, +y)
  // lists, typed arrays and other libraries' vectors are compared element by element
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

function keepOpaque({ base, pool }: CellPair, { left, right, open, count }: OpenPairs): number {
  const read = (cell: number) => (cell >= 0 ? pool.at(cell) : base.at(~cell))
  let kept = 0
  for (let i = 0; i < count; i++) {
    const pair = open[i] as number
    const a = left[pair] as number
    const b = right[pair] as number
    if (a === b || isSameValue(read(a), read(b))) open[kept++] = pair
  }
  return kept
}

function keepCells({ base, pool }: CellPair, pairs: OpenPairs): number {
  if (base instanceof DictionaryColumn && pool instanceof DictionaryColumn) {
    return keepValues({ base: base.codes, pool: pool.codes }, pairs)
  }
  if (
    (base instanceof TimestampColumn && pool instanceof TimestampColumn) ||
    (base instanceof DateColumn && pool instanceof DateColumn)
  ) {
    return keepValues({ base: base.values, pool: pool.values }, pairs)
  }
  if (base instanceof Utf8Column && pool instanceof Utf8Column) return keepTexts({ base, pool }, pairs)
  return isMasked(base) && isMasked(pool) ? keepMasked({ base, pool }, pairs) : keepOpaque({ base, pool }, pairs)
}

function isMasked(column: Column): column is MaskedColumn {
  return column instanceof NumberColumn || column instanceof BooleanColumn || column instanceof BigIntColumn
}

/**
 * A column that counts when rows are compared: its two sides, and its index among the partial
 * columns, or −1.
 */
export interface ComparedColumn extends CellPair {
  readonly partial: number
  /**
   * 1 at null delta rows, where a delta keeps the table's value under a null; null where there are
   * none.
   */
  readonly keptNulls: Uint8Array | null
}

/** Rows as references to their cells: `source` for most columns, `cells` for each partial one. */
export interface RowReferences {
  readonly source: Int32Array
  readonly cells: readonly Int32Array[]
}

/**
 * Compares row i of `before` with row i of `after`. Returns 1 for each pair with equal cells in the
 * given columns.
 */
export function sameRows(
  columns: readonly (CellPair & { readonly partial: number })[],
  before: RowReferences,
  after: RowReferences,
): Uint8Array {
  const open = countUp(before.source.length)
  let count = open.length
  for (const { base, pool, partial } of columns) {
    const [left, right] = [before.cells[partial] ?? before.source, after.cells[partial] ?? after.source]
    count = keepCells({ base, pool }, { left, right, open, count })
  }
  const same = new Uint8Array(open.length)
  for (let i = 0; i < count; i++) same[open[i] as number] = 1
  return same
}
