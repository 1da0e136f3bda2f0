/**
 * The shape of an Arrow table, from any library (apache-arrow, flechette) and any copy of it.
 * @module
 */

/** An Arrow type. Both libraries share the id; the other members depend on it. */
export interface ArrowType {
  readonly typeId: number
}

/** One column's name, type and nullability. */
export interface ArrowField {
  readonly name: string
  readonly type: ArrowType
  readonly nullable: boolean
}

/** One column of an Arrow table, in chunks. */
export interface ArrowVector {
  readonly type: ArrowType
  readonly length: number
  /** The chunks. `read.ts` reads their buffers and knows the names of both libraries. */
  readonly data: readonly object[]
}

/** An Arrow table, recognised by its shape. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly ArrowField[] }
  readonly numRows: number
  readonly numCols: number
  getChildAt(index: number): ArrowVector | null | undefined
}

/** The ids of the Arrow types read here (Schema.fbs, and −1 for dictionaries). */
export const ARROW = {
  dictionary: -1,
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  fixedSizeBinary: 15,
  fixedSizeList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  binaryView: 23,
  utf8View: 24,
} as const

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}

/**
 * Returns whether the value has the shape of an Arrow table, from any library or copy.
 *
 * @example
 * isArrowTable(arrow.tableFromArrays({ id: ['a'] })) // true
 * isArrowTable({ id: ['a'] }) // false
 */
export function isArrowTable(value: unknown): value is ArrowTable {
  return (
    isObject(value) &&
    isObject(value.schema) &&
    Array.isArray(value.schema.fields) &&
    typeof value.numRows === 'number' &&
    typeof value.getChildAt === 'function'
  )
}

/** Returns whether the value has the shape of an Arrow column: a type and chunks. */
export function isArrowVector(value: unknown): value is ArrowVector {
  return isObject(value) && isObject(value.type) && typeof value.type.typeId === 'number' && Array.isArray(value.data)
}
