/**
 * Any column of an Arquero table as a column of this library: from an array, a typed array, an
 * Arrow vector, or one of its own columns.
 * @module
 */
import { readArrowVector } from '../arrow/read.ts'
import { isArrowVector } from '../arrow/shape.ts'
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
} from '../column.ts'
import { type InferOptions, inferColumn } from '../infer.ts'
import { takeColumn } from '../take.ts'

/** A column of an Arquero table: at least a length and values by row. */
export interface ArqueroColumn {
  readonly length: number
  at(row: number): unknown
}

/**
 * Returns the column itself if it belongs to this library, by class: another library's column must
 * not share its arrays with us.
 */
function ownColumn(column: unknown): Column | null {
  return column instanceof NumberColumn ||
    column instanceof DictionaryColumn ||
    column instanceof Utf8Column ||
    column instanceof TimestampColumn ||
    column instanceof DateColumn ||
    column instanceof BooleanColumn ||
    column instanceof BigIntColumn ||
    column instanceof NullColumn ||
    column instanceof OpaqueColumn
    ? column
    : null
}

function typedColumn(values: ArrayBufferView): Column | null {
  if (values instanceof Float64Array) return new NumberColumn('float64', values)
  if (values instanceof Float32Array) return new NumberColumn('float32', values)
  if (values instanceof Int32Array) return new NumberColumn('int32', values)
  if (values instanceof Uint32Array) return new NumberColumn('uint32', values)
  if (values instanceof Int16Array) return new NumberColumn('int16', values)
  if (values instanceof Uint16Array) return new NumberColumn('uint16', values)
  if (values instanceof Int8Array) return new NumberColumn('int8', values)
  if (values instanceof Uint8Array) return new NumberColumn('uint8', values)
  if (values instanceof Uint8ClampedArray) {
    return new NumberColumn('uint8', new Uint8Array(values.buffer, values.byteOffset, values.length))
  }
  if (values instanceof BigInt64Array) return new BigIntColumn('int64', values)
  if (values instanceof BigUint64Array) return new BigIntColumn('uint64', values)
  return null
}

/**
 * Returns an Arrow vector as a column if the values mean what the Arquero table shows; null
 * otherwise.
 */
function vectorColumn(vector: unknown, name: string, faceOf: (row: number) => unknown): Column | null {
  if (!isArrowVector(vector)) return null
  const column = readArrowVector(vector, name)
  if (column.kind === 'timestamp') {
    // The library and its options decide whether instants show as Dates or as epoch numbers. Keep
    // what the user saw.
    let row = 0
    while (row < column.length && column.isNull(row)) row++
    const isNumber = typeof faceOf(row) === 'number'
    return new TimestampColumn(column.values, { ...column, face: isNumber ? 'number' : 'date' })
  }
  // Days and 64-bit integers may show as Dates, numbers or bigints. Read the shown values instead.
  return column.kind === 'date' || column.kind === 'int64' || column.kind === 'uint64' ? null : column
}

/**
 * Returns the column at those rows (all when null). Typed columns are not copied; the kind of plain
 * values is inferred.
 */
export function columnFromArquero(
  column: ArqueroColumn,
  name: string,
  rows: Int32Array | null,
  options: InferOptions,
): Column {
  const typed =
    ownColumn(column) ??
    (ArrayBuffer.isView(column) ? typedColumn(column) : vectorColumn(column, name, (row) => column.at(row)))
  if (typed !== null) return rows === null ? typed : takeColumn(typed, rows)
  if (rows !== null) {
    return inferColumn(
      Array.from(rows, (row) => column.at(row)),
      name,
      options,
    )
  }
  return inferColumn(
    Array.isArray(column) ? column : Array.from({ length: column.length }, (_, row) => column.at(row)),
    name,
    options,
  )
}
